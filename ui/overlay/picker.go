package overlay

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/sahilm/fuzzy"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// Tone is what an item's mark means.
type Tone int

// The tones of a mark.
const (
	Plain Tone = iota
	Good
	Warn
	Bad
)

func (t Tone) ink(th *themes.Theme) themes.Ink {
	return [...]themes.Ink{th.Muted, th.Good, th.Warn, th.Bad}[t]
}

// Item is one row of a [Picker]. Its texts must be safe to print.
type Item struct {
	Label    string
	Detail   string // what explains it, at the right end
	Keywords string // found by the filter, not shown
	Mark     string // one cell before the label; empty for none
	Tone     Tone   // of the mark
}

// Picker is a list that filters as one types: all words must be found, in any
// of an item's texts.
type Picker struct {
	Title string
	Items []Item
	// Choose does what an item stands for. Its index is that in Items.
	Choose func(i int) tea.Cmd
	// Written does what was typed itself stands for, where no item is called so; nil
	// where only items can be chosen.
	Written func(text string) tea.Cmd
	// Accepts tells what of it may stand for itself; nil for anything.
	Accepts func(text string) bool
	// Fuzzy also finds items whose label holds the letters that were typed, in their order,
	// with others in between.
	Fuzzy bool
	// Why says in words why there are no items, or not all, and what to do.
	Why string

	width  int // the box may have
	height int
	query  string
	hay    []string // lower case, one per item
	found  []int    // items that match, best first
	cursor list.Cursor
}

// SetItems replaces the items; query and, as far as it still exists, the chosen
// row stay.
func (p *Picker) SetItems(items []Item) {
	var chosen Item
	if row := p.cursor.Row(); row > 0 { // on the first row it stays with the best
		chosen = p.item(p.found[row])
	}
	p.Items, p.hay = items, nil
	p.filter()
	for row, i := range p.found {
		if p.item(i) == chosen {
			p.cursor.Put(row)
			return
		}
	}
}

// Allow tells what may be done with what was typed itself, as Written does.
func (p *Picker) Allow(written func(text string) tea.Cmd) {
	p.Written = written
	p.filter()
}

// Query returns what was typed.
func (p *Picker) Query() string { return p.query }

// filter finds the items that hold all words of the query: those whose label
// begins with it first, then those whose label holds it.
func (p *Picker) filter() {
	if len(p.hay) != len(p.Items) {
		p.hay = make([]string, len(p.Items))
		for i, item := range p.Items {
			p.hay[i] = strings.ToLower(item.Label + "\x00" + item.Detail + "\x00" + item.Keywords)
		}
	}
	words := strings.Fields(strings.ToLower(p.query))
	p.found = p.found[:0]
	for i, hay := range p.hay {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(hay, w) }) {
			p.found = append(p.found, i)
		}
	}
	if len(words) > 0 {
		slices.SortStableFunc(p.found, func(a, b int) int { return cmp.Compare(rank(p.hay[a], words[0]), rank(p.hay[b], words[0])) })
	}
	if p.Fuzzy && len(words) > 0 {
		p.found = append(p.found, p.loose()...)
	}
	if p.written() != "" {
		p.found = append(p.found, len(p.Items)) // stands for what was typed
	}
	p.cursor.Resize(len(p.found), p.rows())
}

// loose are the items that only hold the letters, the best first.
func (p *Picker) loose() []int {
	var out []int
	for _, match := range fuzzy.FindFrom(strings.ReplaceAll(p.query, " ", ""), labels(p.Items)) {
		if !slices.Contains(p.found, match.Index) {
			out = append(out, match.Index)
		}
	}
	return out
}

// labels are items as a source of fuzzy matches.
type labels []Item

// String returns the label of an item.
func (l labels) String(i int) string { return l[i].Label }

// Len is how many there are.
func (l labels) Len() int { return len(l) }

// written is what was typed, where that can be chosen itself.
func (p *Picker) written() string {
	text := strings.TrimSpace(p.query)
	if p.Written == nil || p.Accepts != nil && !p.Accepts(text) || slices.ContainsFunc(p.Items, func(i Item) bool { return i.Label == text }) {
		return ""
	}
	return text
}

// item is one of the items, or what was typed.
func (p *Picker) item(i int) Item {
	if i == len(p.Items) {
		return Item{Label: visible.Line(p.written()), Detail: "as it is written"}
	}
	return p.Items[i]
}

// Resize tells how large the box may be.
func (p *Picker) Resize(width, height int) {
	p.width, p.height = width, height
	p.filter()
}

// rows is how many items show at once.
func (p *Picker) rows() int { return max(1, min(p.height-4, pickerRows, max(len(p.Items), 3))) }

func rank(hay, word string) int {
	label, _, _ := strings.Cut(hay, "\x00")
	switch {
	case strings.HasPrefix(label, word):
		return 0
	case strings.Contains(label, word):
		return 1
	}
	return 2
}

// Update takes in a key or pasted text.
func (p *Picker) Update(msg tea.Msg) Outcome {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		p.search(p.query + strings.Join(strings.Fields(msg.Content), " "))
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			p.cursor.Scroll(-3)
		} else {
			p.cursor.Scroll(3)
		}
	case tea.KeyPressMsg:
		return p.press(msg)
	}
	return Outcome{}
}

func (p *Picker) press(msg tea.KeyPressMsg) Outcome {
	switch msg.String() {
	case "enter":
		if row := p.cursor.Row(); row >= 0 {
			i := p.found[row]
			if text := p.written(); i == len(p.Items) {
				return Outcome{Done: true, Then: func() tea.Cmd { return p.Written(text) }}
			}
			return Outcome{Done: true, Then: func() tea.Cmd { return p.Choose(i) }}
		}
	case "down", "ctrl+n", "tab":
		p.cursor.Move(1)
	case "up", "ctrl+p", "shift+tab":
		p.cursor.Move(-1)
	case "pgdown":
		p.cursor.Move(p.cursor.Height())
	case "pgup":
		p.cursor.Move(-p.cursor.Height())
	case "home":
		p.cursor.Put(0)
	case "end":
		p.cursor.Put(len(p.found))
	case "backspace":
		if runes := []rune(p.query); len(runes) > 0 {
			p.search(string(runes[:len(runes)-1]))
		}
	case "ctrl+u":
		p.search("")
	default:
		if msg.Text != "" {
			p.search(p.query + msg.Text)
		}
	}
	return Outcome{}
}

func (p *Picker) search(query string) {
	p.query = query
	p.filter()
	p.cursor.Put(0)
}

// The picker's measures.
const (
	pickerWidth = 72
	pickerRows  = 16
)

// Draw returns the box: what is typed, then the rows.
func (p *Picker) Draw(th *themes.Theme) string {
	w, rows := min(p.width, pickerWidth), p.rows()
	inside := w - 2
	var b strings.Builder
	b.WriteString(frame.Columns(" "+th.Accent.Paint("›")+" "+th.Strong.Paint(visible.Line(p.query))+th.Accent.Paint("▏"), p.count(th)+" ", inside))
	b.WriteString("\n")
	why := p.why()
	for _, line := range why {
		b.WriteString(" " + th.Muted.Paint(line) + "\n")
	}
	rows = max(1, min(rows, p.height-3-len(why)))
	if len(p.found) == 0 {
		b.WriteString(list.Words(inside, th.Muted, p.nothing(), th, ""))
	} else {
		b.WriteString(p.cursor.Render(rows, func(i int, chosen bool) string { return p.row(p.item(p.found[i]), chosen, inside, th) }))
	}
	return frame.Draw(w, rows+len(why)+3, frame.Box{Title: p.Title, Ink: th.Focus, Body: b.String(), Right: th.Accent.Paint("⏎") + th.Muted.Paint(" picks  ") + th.Accent.Paint("esc") + th.Muted.Paint(" closes")}, th)
}

func (p *Picker) count(th *themes.Theme) string {
	if p.query == "" {
		return th.Faint.Paint(fmt.Sprintf("%d", len(p.Items)))
	}
	found := len(p.found)
	if p.written() != "" {
		found--
	}
	return th.Faint.Paint(fmt.Sprintf("%d of %d", found, len(p.Items)))
}

// why is what is said above the items, in at most three lines; an empty one where
// there is nothing to say.
func (p *Picker) why() []string {
	if len(p.Items) == 0 || p.Why == "" {
		return []string{""}
	}
	lines := strings.Split(ansi.Wrap(p.Why, max(1, min(p.width, pickerWidth)-4), ""), "\n")
	return lines[:min(len(lines), 3, max(1, p.height-6))]
}

func (p *Picker) nothing() string {
	switch {
	case len(p.Items) > 0:
		return "nothing matches; ctrl+u clears what was typed"
	case p.Why != "":
		return p.Why
	}
	return "nothing here"
}

func (p *Picker) row(item Item, chosen bool, width int, th *themes.Theme) string {
	mark, ink := "  ", th.Text
	if chosen {
		mark, ink = th.Accent.Paint("▸")+" ", th.Strong
	}
	left := " " + mark
	if item.Mark != "" {
		left += item.Tone.ink(th).Paint(item.Mark) + " "
	}
	line := frame.Columns(left+ink.Paint(item.Label), th.Muted.Paint(item.Detail)+" ", width)
	if chosen {
		return frame.Row(line, width, th.Selected)
	}
	return line
}
