package editor

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// editorOf is an editor with the focus that holds a text; a bar in it is the caret.
func editorOf(tb testing.TB, text string) *Model {
	tb.Helper()
	m := New()
	at := strings.Index(text, "|")
	m.SetText([]byte(strings.Replace(text, "|", "", 1)))
	m.Resize(40, 10)
	m.Focus(true)
	if at >= 0 {
		m.put(at, false)
	}
	return m
}

// marked is the text with bars around what is selected, or one for the caret.
func (m *Model) marked() string {
	text, c := string(m.Text()), m.caret
	from, to := c.span()
	if from == to {
		return text[:from] + "|" + text[from:]
	}
	return text[:from] + "[" + text[from:to] + "]" + text[to:]
}

// press gives keys; a word in quotes is typed, one after < pasted.
func press(m *Model, keys ...string) {
	for _, k := range keys {
		switch {
		case strings.HasPrefix(k, "'"):
			for _, r := range k[1:] {
				m.Update(uitest.Key(string(r)))
			}
		case strings.HasPrefix(k, "<") && len(k) > 1:
			m.Update(tea.PasteMsg{Content: k[1:]})
		default:
			m.Update(uitest.Key(k))
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text     string
		language Language
		keys     []string
		want     string
	}{
		"typing":                     {"a|b", Plain, []string{"'xy"}, "axy|b"},
		"left over an emoji":         {"a👩‍🚀|", Plain, []string{"left"}, "a|👩‍🚀"},
		"right over an accent":       {"|e\u0301x", Plain, []string{"right"}, "e\u0301|x"},
		"erase a flag":               {"🇩🇪🇫🇷|", Plain, []string{"backspace"}, "🇩🇪|"},
		"erase a flag from before":   {"|🇩🇪🇫🇷", Plain, []string{"delete"}, "|🇫🇷"},
		"over CR LF":                 {"a|\r\nb", Plain, []string{"right"}, "a\r\n|b"},
		"erase CR LF":                {"a\r\n|b", Plain, []string{"backspace"}, "a|b"},
		"over bytes that are none":   {"|\xff\xfeb", Plain, []string{"right"}, "\xff|\xfeb"},
		"home goes to the indent":    {"    ab|c", Plain, []string{"home"}, "    |abc"},
		"and to the start":           {"    ab|c", Plain, []string{"home", "home"}, "|    abc"},
		"end stands before CR LF":    {"a|bc\r\nd", Plain, []string{"end"}, "abc|\r\nd"},
		"word right":                 {"|foo bar.baz", Plain, []string{"alt+f", "alt+f"}, "foo bar|.baz"},
		"word left":                  {"foo bar.baz|", Plain, []string{"ctrl+left", "ctrl+left", "ctrl+left"}, "foo |bar.baz"},
		"word erased":                {"foo bar|", Plain, []string{"ctrl+w"}, "foo |"},
		"word erased ahead":          {"|foo bar", Plain, []string{"alt+d"}, "| bar"},
		"to the end and back":        {"a\nb|\nc", Plain, []string{"ctrl+end", "ctrl+home"}, "|a\nb\nc"},
		"select to the right":        {"a|bcd", Plain, []string{"shift+right", "shift+right"}, "a[bc]d"},
		"typing over what is chosen": {"a|bcd", Plain, []string{"shift+right", "shift+right", "'x"}, "ax|d"},
		"left out of a selection":    {"a|bcd", Plain, []string{"shift+right", "shift+right", "left"}, "a|bcd"},
		"select a word":              {"|foo bar", Plain, []string{"alt+shift+f"}, "[foo] bar"},
		"down keeps the column":      {"abcd|e\nx\nfghij", Plain, []string{"down", "down"}, "abcde\nx\nfghi|j"},
		"down keeps wide columns":    {"日本|語\nabcdefg", Plain, []string{"down"}, "日本語\nabcd|efg"},
		"up at the top":              {"ab|c", Plain, []string{"up"}, "|abc"},
		"down at the end":            {"ab|c", Plain, []string{"down"}, "abc|"},
		"down a wrapped line":        {"|" + strings.Repeat("x", 60), Plain, []string{"down"}, strings.Repeat("x", 39) + "|" + strings.Repeat("x", 21)},
		"wrapped behind a blank":     {"|" + strings.Repeat("x", 30) + " " + strings.Repeat("y", 20), Plain, []string{"down"}, strings.Repeat("x", 30) + " |" + strings.Repeat("y", 20)},
		"to the line's start":        {"foo bar|baz", Plain, []string{"ctrl+u"}, "|baz"},
		"to the line's end":          {"foo |bar\nx", Plain, []string{"ctrl+k"}, "foo |\nx"},
		"and its break":              {"foo|\nx", Plain, []string{"ctrl+k"}, "foo|x"},
		"a line as far in":           {"  a|b", Plain, []string{"enter"}, "  a\n  |b"},
		"within the indent":          {"  |  ab", Plain, []string{"enter"}, "  \n  |  ab"},
		"CR LF goes on":              {"a\r\nb|\r\n", Plain, []string{"enter"}, "a\r\nb\r\n|\r\n"},
		"JSON goes in":               {"{|", JSON, []string{"enter"}, "{\n  |"},
		"JSON between brackets":      {"  [|]", JSON, []string{"enter"}, "  [\n    |\n  ]"},
		"JSON goes out":              {"{\n  a\n  |", JSON, []string{"'}"}, "{\n  a\n}|"},
		"text does not":              {"{|}", Plain, []string{"enter"}, "{\n|}"},
		"tab in text":                {"a|", Plain, []string{"tab"}, "a\t|"},
		"tab in JSON":                {"|", JSON, []string{"tab"}, "  |"},
		"a paste of a terminal":      {"|", Plain, []string{"<a\rb\r\nc"}, "a\nb\nc|"},
		"a paste of controls":        {"|", Plain, []string{"<a\x1b[2J\x00b"}, "a\x1b[2J\x00b|"},
		"a paste over all":           {"ab|c", Plain, []string{"ctrl+shift+home", "<x"}, "x|c"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := editorOf(t, tt.text)
			m.SetLanguage(tt.language)
			press(m, tt.keys...)
			if got := m.marked(); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.keys, got, tt.want)
			}
		})
	}
}

func TestUndoByWord(t *testing.T) {
	t.Parallel()
	m := editorOf(t, "|")
	press(m, "'one two", "enter", "'three", "backspace", "backspace", "<PASTED")
	want := []string{"one two\nthr|", "one two\nthree|", "one two\n|", "one two|", "one |", "|"}
	for i, w := range want {
		m.Undo()
		if got := m.marked(); got != w {
			t.Errorf("undo %d: got %q, want %q", i+1, got, w)
		}
	}
	if m.CanUndo() {
		t.Error("there is more to undo")
	}
	for m.CanRedo() {
		m.Redo()
	}
	if got, w := m.marked(), "one two\nthrPASTED|"; got != w {
		t.Errorf("all done again: got %q, want %q", got, w)
	}
	m.Undo()
	press(m, "'x")
	if m.CanRedo() {
		t.Error("what was typed since does not end the redo")
	}
}

func TestClipboard(t *testing.T) {
	t.Parallel()
	m := editorOf(t, "a|b\r\nc")
	m.SelectAll()
	if cmd := m.Copy(); cmd == nil || fmt.Sprint(cmd()) != "ab\r\nc" {
		t.Error("nothing reaches the terminal's clipboard")
	}
	m.Cut()
	if m.Len() != 0 {
		t.Errorf("cut: got %q", m.Text())
	}
	m.Paste()
	press(m, "ctrl+v")
	if got := string(m.Text()); got != "ab\r\ncab\r\nc" {
		t.Errorf("pasted twice: got %q", got)
	}
	fresh := editorOf(t, "|")
	if fresh.Copy() != nil || fresh.Cut() != nil {
		t.Error("nothing was chosen, and something copied")
	}
	if fresh.Paste() == nil {
		t.Error("the terminal is not asked")
	}
	fresh.Update(tea.ClipboardMsg{Content: "x"})
	fresh.Update(tea.ClipboardMsg{Content: "not asked for"})
	if got := string(fresh.Text()); got != "x" {
		t.Errorf("got %q, want x", got)
	}
}

// Who leaves and comes back replaces nothing by typing.
func TestSelectionEndsWithTheFocus(t *testing.T) {
	t.Parallel()
	m := editorOf(t, "abc|")
	m.SelectAll()
	m.Focus(false)
	m.Focus(true)
	press(m, "'x")
	if got := m.marked(); got != "abcx|" {
		t.Errorf("got %q", got)
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	m := editorOf(t, "ab\nc日e\r\n|")
	for _, tt := range []struct {
		line, column int
		want         string
	}{
		{1, 1, "|ab\nc日e\r\n"}, {2, 3, "ab\nc日|e\r\n"}, {2, 99, "ab\nc日e|\r\n"}, {99, 1, "ab\nc日e\r\n|"}, {0, 0, "|ab\nc日e\r\n"},
	} {
		m.GoTo(tt.line, tt.column)
		if got := m.marked(); got != tt.want {
			t.Errorf("%d:%d: got %q, want %q", tt.line, tt.column, got, tt.want)
		}
		line, column := m.Place()
		if l, c := PlaceOf(m.Text(), m.caret.at); l != line || c != column {
			t.Errorf("%q: Place says %d:%d, PlaceOf %d:%d", m.marked(), line, column, l, c)
		}
	}
	m.AskPlace()
	if !strings.Contains(ansi.Strip(m.View(themes.For(true))), "go to line") {
		t.Error("nothing asks where to go")
	}
	press(m, "'2x:2", "enter")
	if line, column := m.Place(); line != 2 || column != 2 || m.AskingPlace() {
		t.Errorf("typed 2:2, went to %d:%d", line, column)
	}
}

func TestBrackets(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 3000) + strings.Repeat("]", 3000)
	tests := map[string]struct {
		text string
		want int // where the partner is; -1 for none
	}{
		"open":              {`|{"a":[1]}`, 8},
		"close":             {`{"a":[1]}|`, 0},
		"inner":             {`{"a":|[1]}`, 7},
		"in a string":       {`{"a|}":1}`, -1},
		"past a string":     {`|["]","\"]"]`, 10},
		"of another kind":   {`|[1}`, -1},
		"over lines":        {"|{\n  \"a\": \"}\",\n  \"b\": {}\n}", 24},
		"alone":             {`|{`, -1},
		"in one long line":  {"|" + deep, 5999},
		"back in long line": {deep + "|", 0},
		"far away":          {"|[" + strings.Repeat("1,\n", 100_000) + "2]", 300_002},
		"no bracket":        {`{"a": 1|1}`, -1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := editorOf(t, tt.text)
			m.SetLanguage(JSON)
			m.match()
			at := m.caret.at
			m.ToPartner()
			if tt.want < 0 {
				tt.want = at
			}
			if m.caret.at != tt.want {
				t.Errorf("from %d: got %d, want %d", at, m.caret.at, tt.want)
			}
		})
	}
}

func TestMouse(t *testing.T) {
	t.Parallel()
	m := editorOf(t, "hello\n日本語\nthird")
	m.Update(tea.MouseClickMsg{X: 3, Y: 1, Button: tea.MouseLeft})
	if got, want := m.marked(), "hello\n日|本語\nthird"; got != want {
		t.Errorf("clicked: got %q, want %q", got, want)
	}
	m.Update(tea.MouseMotionMsg{X: 2, Y: 2, Button: tea.MouseLeft})
	if got, want := m.marked(), "hello\n日[本語\nth]ird"; got != want {
		t.Errorf("dragged: got %q, want %q", got, want)
	}
	m.Update(tea.MouseClickMsg{X: 30, Y: 9, Button: tea.MouseLeft})
	if got, want := m.marked(), "hello\n日本語\nthird|"; got != want {
		t.Errorf("below: got %q, want %q", got, want)
	}
}

func TestWheelLeavesTheCaret(t *testing.T) {
	t.Parallel()
	m := editorOf(t, "|"+strings.Repeat("line\n", 100))
	for range 100 {
		m.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	}
	view := ansi.Strip(m.View(themes.For(true)))
	if m.caret.at != 0 || strings.Count(view, "\n") != 9 || !strings.HasSuffix(view, "line\n") {
		t.Errorf("caret %d, view %q", m.caret.at, view)
	}
	press(m, "'x")
	if !strings.HasPrefix(ansi.Strip(m.View(themes.For(true))), "xline") {
		t.Error("typing does not bring the caret into view")
	}
}

// A paste at the top scrolls as far as its end needs, and no further.
func TestPasteScrolls(t *testing.T) {
	t.Parallel()
	m := editorOf(t, "|")
	press(m, "<"+strings.Repeat("line\n", 100)+"end")
	if view := ansi.Strip(m.View(themes.For(true))); strings.Count(view, "line") != 9 || !strings.HasSuffix(strings.TrimSpace(view), "end") {
		t.Errorf("got %q", view)
	}
}

// What a terminal would obey is spelt out; the text keeps it.
func TestHostileText(t *testing.T) {
	t.Parallel()
	text := uitest.Hostile + "\xff\u200b\u0301\t\r|" + strings.Repeat("\u0301", 500)
	m := editorOf(t, text)
	view := m.View(themes.For(true))
	uitest.Harmless(t, ansi.Strip(view))
	for _, want := range []string{"␛[2J", "<202E>", "<FF>", "<200B>"} {
		if !strings.Contains(ansi.Strip(view), want) {
			t.Errorf("%s is not there: %q", want, ansi.Strip(view))
		}
	}
	if got := string(m.Text()); got != strings.Replace(text, "|", "", 1) {
		t.Error("the text has changed")
	}
}

// A line longer than a piece is coloured as if it were one.
func TestLongLineIsColouredAsOne(t *testing.T) {
	t.Parallel()
	long := `{"key":"` + strings.Repeat(`{\"\\`, 5000) + `","n":123,"last":true}`
	m := editorOf(t, long)
	m.SetLanguage(JSON)
	whole := lex([]byte(long), outside)
	check := func() {
		t.Helper()
		for i := range m.lines.count() {
			b, start := m.content(i)
			tokens := lex(b, m.inside(i))
			if i+1 < m.lines.count() { // whether a string is a key is not seen across pieces
				continue
			}
			if !bytes.Equal(tokens[len(tokens)-14:], whole[len(whole)-14:]) {
				t.Errorf("piece at %d: got %v, want %v", start, tokens, whole[start:])
			}
		}
	}
	if m.lines.count() < 3 {
		t.Fatalf("only %d pieces", m.lines.count())
	}
	check()
	m.put(0, false)
	press(m, `'"`) // all that follows is the other way round
	last := m.lines.count() - 1
	if got, want := m.inside(last), through(m.text.slice(0, m.lines.start(last)), outside); got != want {
		t.Errorf("behind another quote: got %d, want %d", got, want)
	}
	press(m, "backspace")
	check()
}

// scraps are what random edits put in.
var scraps = []string{
	"a", "b ", " ", "\n", "\r\n", "\r", "\t", "{", "}", `"`, `\`, "日", "👩‍🚀", "e\u0301", "\u0301", "\u200d", "🇩🇪", "\x1b", "\x00", "\xff", "\xe6\x97", "\u202e", "한", "❤️", "\u200d🚀",
	strings.Repeat("x", 3000), strings.Repeat("日", 2000), strings.Repeat("word ", 1500), strings.Repeat("a\n", 50), "\u0600", "\U000e0067",
}

var randomKeys = []string{
	"left", "right", "up", "down", "home", "end", "pgup", "pgdown", "ctrl+left", "alt+f", "ctrl+home", "ctrl+end",
	"shift+left", "shift+right", "shift+up", "shift+down", "shift+end", "ctrl+shift+right",
	"backspace", "delete", "ctrl+w", "alt+d", "ctrl+k", "ctrl+u", "enter", "tab",
}

// check compares an editor with the text it must hold.
func (m *Model) check(t *testing.T, want string) {
	t.Helper()
	if got := string(m.Text()); got != want {
		t.Fatalf("got %d bytes, want %d: %.80q, want %.80q", len(got), len(want), got, want)
	}
	if m.caret.at < 0 || m.caret.at > len(want) || m.caret.mark < 0 || m.caret.mark > len(want) {
		t.Fatalf("caret %+v outside of %d bytes", m.caret, len(want))
	}
	fresh := newLines(&m.text)
	hard := func(l *lines) (at []int) {
		for i := range l.count() {
			if n := l.start(i+1) - l.start(i); n > longest {
				t.Fatalf("a piece of %d bytes", n)
			}
			if !l.soft(i) {
				at = append(at, l.start(i))
			}
		}
		return at
	}
	if got, want := hard(&m.lines), hard(&fresh); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("lines begin at %v, want %v", len(got), len(want))
	}
	view := m.View(themes.For(true))
	rows := strings.Split(view, "\n")
	if len(rows) > m.height {
		t.Fatalf("%d rows, want at most %d", len(rows), m.height)
	}
	for _, row := range rows {
		if w := ansi.StringWidth(row); w > m.width {
			t.Fatalf("%d cells, want at most %d: %.300q", w, m.width, row)
		}
	}
	if !strings.Contains(view, "\x1b[7") && !strings.Contains(view, ";7") {
		t.Fatalf("the caret does not show at %d: %.300q", m.caret.at, view)
	}
	uitest.Harmless(t, ansi.Strip(view))
}

// work does random things to an editor and to a plain string beside it.
func work(t *testing.T, seed uint64, steps int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	original := strings.Repeat(scraps[r.IntN(len(scraps))], r.IntN(6))
	m := New()
	m.SetText([]byte(original))
	m.SetLanguage(Language(r.IntN(2)))
	m.Resize(14+r.IntN(90), 1+r.IntN(20))
	m.Focus(true)
	text := original
	for range steps {
		from, to := m.caret.span()
		switch r.IntN(8) {
		case 0, 1, 2:
			key := randomKeys[r.IntN(len(randomKeys))]
			before := text
			press(m, key)
			text = string(m.Text())
			oracle(t, key, before, text, from, to)
		case 3, 4:
			s := scraps[r.IntN(len(scraps))]
			m.Update(tea.PasteMsg{Content: s})
			text = text[:from] + lineEnds.Replace(s) + text[to:]
		case 5:
			s := scraps[r.IntN(6)]
			m.Update(tea.KeyPressMsg{Text: s})
			text = text[:from] + s + text[to:]
		case 6:
			m.Resize(14+r.IntN(90), 1+r.IntN(20))
		case 7:
			m.Undo()
			m.Redo()
		}
		m.check(t, text)
	}
	for m.CanUndo() {
		m.Undo()
	}
	m.check(t, original)
	for m.CanRedo() {
		m.Redo()
	}
	m.check(t, text)
}

// oracle knows what a key may do: nothing to the text, or one change where the
// caret or the selection was.
func oracle(t *testing.T, key, before, after string, from, to int) {
	t.Helper()
	switch key {
	case "backspace", "ctrl+w", "ctrl+u": // bytes right before
		if start := len(after) - len(before[to:]); from == to && (start < 0 || after != before[:start]+before[to:]) {
			t.Fatalf("%s at %d: %.60q became %.60q", key, from, before, after)
		}
	case "delete", "alt+d", "ctrl+k": // bytes right behind
		if start := len(before) - (len(after) - from); from == to && (start < from || start > len(before) || after != before[:from]+before[start:]) {
			t.Fatalf("%s at %d: %.60q became %.60q", key, from, before, after)
		}
	case "enter", "tab":
		if !strings.HasPrefix(after, before[:from]) || !strings.HasSuffix(after, before[to:]) || len(after) <= len(before)-(to-from) {
			t.Fatalf("%s at %d: %.60q became %.60q", key, from, before, after)
		}
	default:
		if before != after {
			t.Fatalf("%s changes the text", key)
		}
		return
	}
	if from < to && key != "enter" && key != "tab" && after != before[:from]+before[to:] {
		t.Fatalf("%s over a selection: %.60q became %.60q", key, before, after)
	}
}

func TestRandomEdits(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			work(t, seed, 60)
		})
	}
}

func FuzzEdits(f *testing.F) {
	f.Add(uint64(1), 20)
	f.Fuzz(func(t *testing.T, seed uint64, steps int) { work(t, seed, max(0, min(steps, 60))) })
}

// Whatever bytes are loaded come back, and draw within their room.
func FuzzText(f *testing.F) {
	f.Add([]byte(uitest.Hostile))
	f.Add([]byte(uitest.Wide))
	f.Add([]byte("\xff\xe6\x97\u200d\u0301"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m := editorOf(t, "")
		m.SetText(b)
		m.check(t, string(b))
		for m.caret.at < len(b) {
			before := m.caret.at
			press(m, "right")
			if m.caret.at <= before {
				t.Fatalf("right stays at %d", before)
			}
			if m.previous(m.caret.at) != before {
				t.Fatalf("left of %d is %d, right of it %d: %q", m.caret.at, m.previous(m.caret.at), before, b)
			}
		}
		m.check(t, string(b))
	})
}

// bodies are 1 MB of JSON: in lines, and in one line; wide is of characters of two
// cells.
func bodies() map[string][]byte {
	line := []byte("  {\"id\": 123456, \"name\": \"some name\", \"ok\": true, \"tags\": [\"a\", \"b\"]},\n")
	wide := []byte("  {\"名前\": \"日本語のテキスト\", \"emoji\": \"👩‍🚀\"},\n")
	lines := bytes.Repeat(line, (1<<20)/len(line))
	return map[string][]byte{
		"lines": lines, "one-line": bytes.ReplaceAll(lines, []byte("\n"), nil),
		"wide": bytes.Repeat(wide, (1<<20)/len(wide)), "wide-one-line": bytes.ReplaceAll(bytes.Repeat(wide, (1<<20)/len(wide)), []byte("\n"), nil),
	}
}

func bench(b *testing.B, do func(b *testing.B, m *Model, body []byte)) {
	b.Helper()
	for name, body := range bodies() {
		b.Run(name, func(b *testing.B) {
			m := New()
			m.SetLanguage(JSON)
			m.SetText(body)
			m.Resize(82, 30)
			m.Focus(true)
			at := len(body) / 2
			for !utf8.RuneStart(body[at]) {
				at++
			}
			m.put(m.whole(at), false)
			b.ReportAllocs()
			do(b, m, body)
		})
	}
}

// BenchmarkType types in the middle of 1 MB, each key with its view.
func BenchmarkType(b *testing.B) {
	th := themes.For(true)
	bench(b, func(b *testing.B, m *Model, _ []byte) {
		b.Helper()
		for b.Loop() {
			m.Update(tea.KeyPressMsg{Code: 'x', Text: "x"})
			_ = m.View(th)
		}
	})
}

// BenchmarkPaste pastes 1 MB into 1 MB.
func BenchmarkPaste(b *testing.B) {
	bench(b, func(b *testing.B, m *Model, body []byte) {
		b.Helper()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			m.Update(tea.PasteMsg{Content: string(body)})
			m.Undo()
		}
	})
}

// BenchmarkView draws a window in the middle of 1 MB.
func BenchmarkView(b *testing.B) {
	th := themes.For(true)
	bench(b, func(b *testing.B, m *Model, _ []byte) {
		b.Helper()
		for b.Loop() {
			_ = m.View(th)
		}
	})
}
