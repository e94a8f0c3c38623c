package request

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	"github.com/alecthomas/chroma/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// roomy is the height from which blank lines part the URL, the tabs and what
// they hold.
const roomy = 6

// tabsLine is the line of the tabs.
func (m *Model) tabsLine() int {
	if m.height >= roomy {
		return 2
	}
	return 1
}

// contentTop is the first line of what a tab holds.
func (m *Model) contentTop() int {
	if m.height >= roomy {
		return 4
	}
	return 2
}

func (m *Model) contentHeight() int { return max(1, m.height-m.contentTop()) }

// Title says nothing: the root names the key that sends.
func (m *Model) Title(*themes.Theme) (state, right string) { return "", "" }

// Status says what can be typed, and what is wrong with it.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	if t := m.text(); t != nil {
		right = th.Muted.Paint(t.Where())
	}
	switch m.edit {
	case urlField:
		left = "⏎ sends · esc leaves"
		if m.starts.current(m.url.Value()) != "" {
			left = "tab takes the completion · " + left
		} else if len(m.starts.match) > 0 {
			left = "↓ what it could be · " + left
		}
	case methodField:
		left = "type or ↑↓ · ⏎ takes"
	case nameField, valueField, pathField:
		return m.cellStatus(th), right
	case bulkField:
		left = "Name: value, one a line; # keeps one unsent · esc leaves"
	case bodyField:
		if left = "esc leaves · ^R sends"; m.body.fault() != nil {
			left = "not complete yet · " + left
		}
	case nothing:
		return m.browseStatus(th), right
	}
	if f := m.wrong(); f != nil && m.edit == bodyField {
		return th.Bad.Paint(f.text()) + th.Muted.Paint(" · esc leaves"), right
	}
	return th.Muted.Paint(left), right
}

func (m *Model) cellStatus(th *themes.Theme) string {
	name := m.row().name
	if m.edit == nameField {
		name = m.input.Value()
	}
	if r := m.remarkOn(name); m.tab == headersTab && r.text != "" {
		return r.ink(th).Paint(r.line())
	}
	if m.cell.current(m.input.Value()) != "" {
		return th.Muted.Paint("→ takes the completion · ⏎ next · esc leaves")
	}
	return th.Muted.Paint("⏎ next · esc leaves · ctrl+u empties")
}

func (m *Model) browseStatus(th *themes.Theme) string {
	f := m.wrong()
	switch {
	case f != nil && m.tab == bodyTab:
		return th.Bad.Paint(f.text())
	case m.tab == headersTab && m.onRow():
		r := m.remarkOn(m.row().name)
		return r.ink(th).Paint(r.line())
	case m.shortens() && m.app.Relative():
		return th.Warn.Paint("this app takes a path: its host differs by account") + th.Muted.Paint(" · r writes it as one")
	case m.app != nil && m.app.Relative():
		return th.Muted.Paint("this app takes a path, such as /api/…: its host differs by account")
	}
	return ""
}

// text says where the fault is, and what.
func (f *fault) text() string {
	return fmt.Sprintf("✗ line %d, column %d: %s", f.line, f.column, visible.Line(f.what))
}

// View draws the pane.
func (m *Model) View(width, height int, th *themes.Theme) string {
	lines := []string{m.urlLine(width, th)}
	if height >= roomy {
		lines = append(lines, m.refusal(width, th))
	}
	lines = append(lines, m.tabLine(th))
	if height >= roomy {
		lines = append(lines, "")
	} else if m.err != nil {
		lines[len(lines)-1] = m.refusal(width, th)
	}
	lines = append(lines, strings.Split(m.content(width, max(0, height-len(lines)), th), "\n")...)
	return strings.Join(lines[:min(len(lines), height)], "\n")
}

// refusal is the line below the URL: what is wrong, if anything is.
func (m *Model) refusal(width int, th *themes.Theme) string {
	if m.err == nil {
		return ""
	}
	text := th.Bad.Paint("✗ " + visible.Line(m.err.Error()))
	if m.err.Hint != "" {
		text += th.Muted.Paint(" · " + visible.Line(m.err.Hint))
	}
	return ansi.Truncate(" "+text, width, "…")
}

func (m *Model) urlLine(width int, th *themes.Theme) string {
	method := m.method
	if m.edit == methodField {
		method = m.typedMethod()
	}
	chip := frame.Over(th.Accent.Paint(" "+visible.Line(method)+" ▾ "), th.Selected)
	if !m.focused || m.inside {
		chip = frame.Over(th.Accent.Paint(" "+visible.Line(method)+" ▾ "), th.Unfocused)
	}
	room := width - ansi.StringWidth(chip) - 4
	if m.edit == urlField {
		return " " + chip + "  " + m.field(m.url, m.starts.current(m.url.Value()), room, th)
	}
	url := m.paintURL(th)
	if on := m.on(); on != "" {
		url = ansi.Truncate(url, max(room-ansi.StringWidth(on)-4, room/2), "…") + th.Faint.Paint(" on ") + th.Muted.Paint(on)
	}
	return " " + chip + "  " + ansi.Truncate(url, room, "…")
}

// on is what a path is joined to; empty for a whole URL.
func (m *Model) on() string {
	if url := m.url.Value(); !strings.HasPrefix(url, "/") && (url != "" || !m.app.Relative()) {
		return ""
	}
	return visible.Line(base(m.app))
}

// paintURL colours a URL by its parts: the path is what one looks for.
func (m *Model) paintURL(th *themes.Theme) string {
	base, query, fragment, has := cut(m.url.Value())
	if base == "" && !has {
		switch {
		case m.app.Relative():
			return th.Faint.Paint("u: write a path, /…")
		case m.focused && !m.inside:
			return th.Faint.Paint("⏎ or u: write the URL, or a path such as /api/…")
		}
		return th.Faint.Paint("u: write the URL")
	}
	host, path := "", base
	if scheme, rest, absolute := strings.Cut(base, "://"); absolute {
		name, tail, slash := strings.Cut(rest, "/")
		host, path = scheme+"://"+name, ""
		if slash {
			path = "/" + tail
		}
	}
	var b strings.Builder
	b.WriteString(th.Muted.Paint(visible.Line(host)) + th.Strong.Paint(visible.Line(path)))
	if has {
		b.WriteString(th.Muted.Paint("?"))
		for i, piece := range strings.Split(query, "&") {
			if i > 0 {
				b.WriteString(th.Muted.Paint("&"))
			}
			name, value, equals := strings.Cut(piece, "=")
			b.WriteString(th.Syntax(chroma.NameAttribute).Paint(visible.Line(name)))
			if equals {
				b.WriteString(th.Muted.Paint("=") + th.Syntax(chroma.LiteralNumber).Paint(visible.Line(value)))
			}
		}
	}
	return b.String() + th.Faint.Paint(visible.Line(fragment))
}

// field draws an input with its cursor in the theme's colours, and how it could go
// on behind it.
func (m *Model) field(in textinput.Model, completion string, width int, th *themes.Theme) string {
	in.SetSuggestions([]string{completion})
	styles := in.Styles()
	styles.Focused.Text = th.Text.Style()
	styles.Focused.Suggestion = th.Faint.Style()
	styles.Focused.Placeholder = th.Faint.Style()
	styles.Cursor.Color = th.Accent.Style().GetForeground()
	in.SetStyles(styles)
	in.SetWidth(max(4, width-1))
	return ansi.Truncate(visible.Painted(in.View()), width, "")
}

// labels are the tabs with what they hold.
func (m *Model) labels() [tabs][2]string {
	count := func(t table) string {
		n := 0
		for _, r := range t.rows {
			if !r.off {
				n++
			}
		}
		return fmt.Sprint(n)
	}
	return [tabs][2]string{{"Params", count(m.params)}, {"Headers", count(m.headers)}, {"Body", m.bodyLabel(count)}, {"Preview", ""}}
}

// bodyLabel is the kind of the body with its size, and whether it is what it is
// meant to be.
func (m *Model) bodyLabel(count func(table) string) string {
	b := &m.body
	label := b.name()
	switch {
	case b.table() != nil:
		label += " " + count(*b.table())
	case b.kind == fileBody:
		if size, wrong := m.paths.said(b.file); wrong {
			label += " ✗"
		} else if size != "" {
			label += " " + size
		}
	case b.written() && b.text.Len() > 0:
		label += " " + list.Bytes(int64(b.text.Len()))
		if m.wrong() != nil {
			label += " ✗"
		}
	}
	return label
}

func (m *Model) tabLine(th *themes.Theme) string {
	var b strings.Builder
	for i, l := range m.labels() {
		if i > 0 {
			b.WriteString("   ")
		} else {
			b.WriteString(" ")
		}
		ink := th.Muted
		if tab(i) == m.tab {
			ink = th.Active
		}
		b.WriteString(ink.Paint(l[0]))
		if l[1] != "" {
			b.WriteString(" " + th.Faint.Paint(l[1]))
		}
	}
	return b.String()
}

// tabAt is the tab under a column of the tab line.
func (m *Model) tabAt(x int) tab {
	at := 1
	for i, l := range m.labels() {
		at += ansi.StringWidth(strings.TrimSpace(l[0]+" "+l[1])) + 3
		if x < at {
			return tab(i)
		}
	}
	return m.tab
}

func (m *Model) content(width, height int, th *themes.Theme) string {
	switch {
	case height <= 0:
		return ""
	case m.edit == methodField:
		return m.methodList(th)
	case m.edit == urlField && len(m.starts.match) > 0:
		return m.starts.view(width, height, th)
	case m.edit == pathField && len(m.cell.match) > 0, m.edit == valueField && m.partIsFile() && m.cell.chosen:
		return m.pathLine(width, th) + "\n" + m.cell.view(width, height-1, th)
	case m.tab == previewTab:
		return m.preview.Render(height, func(i int, _ bool) string { return m.previewed[i].draw(width, th) })
	case m.edit == bulkField:
		return indented(m.bulk.View(th))
	case m.current() != nil:
		return m.tableView(width, height, th)
	}
	return m.bodyView(width, th)
}

func indented(block string) string { return " " + strings.ReplaceAll(block, "\n", "\n ") }

func (m *Model) methodList(th *themes.Theme) string {
	var words []string
	for _, known := range methods {
		ink := th.Muted
		if known == m.typedMethod() {
			ink = th.Accent
		}
		words = append(words, ink.Paint(known))
	}
	if typed := m.typedMethod(); !slices.Contains(methods, typed) {
		words = append(words, th.Accent.Paint(visible.Line(typed)))
	}
	return " " + strings.Join(words, "  ")
}

// nameShare is the part of a row's width that names get, in percent.
const nameShare = 32

func (m *Model) tableView(width, height int, th *themes.Theme) string {
	t := m.current()
	nameWidth := max(12, min(36, width*nameShare/100))
	rows := t.cursor.Render(min(height, len(t.rows)+1), func(i int, chosen bool) string {
		chosen = chosen && m.inside
		line := ""
		switch {
		case i == len(t.rows) && (!chosen || m.edit != nameField && m.edit != valueField):
			line = " " + th.Faint.Paint("+ "+m.addWords())
		default:
			line = m.rowView(i, chosen, nameWidth, width, th)
		}
		return list.Chosen(line, chosen && m.edit == nothing, m.focused, width, th)
	})
	for _, besides := range m.besides() {
		if strings.Count(rows, "\n")+1 >= height {
			break
		}
		rows += "\n" + ansi.Truncate("   "+th.Faint.Paint(frame.Fit(besides[0], nameWidth)+" "+besides[1]+"  · "+besides[2]), width, "…")
	}
	return rows + strings.Repeat("\n", max(0, height-1-strings.Count(rows, "\n")))
}

func (m *Model) addWords() string {
	switch {
	case m.tab == paramsTab:
		return "add a parameter"
	case m.tab == headersTab:
		return "add a header"
	case m.body.kind == partsBody:
		return "add a field; f makes it a file"
	}
	return "add a field"
}

// besides are the headers that go out without a row of their own: name, value, and
// where they come from.
func (m *Model) besides() [][3]string {
	if m.tab != headersTab || m.edit != nothing {
		return nil
	}
	var out [][3]string
	for _, i := range m.known.Inserts {
		if name := i.header(); name != "" {
			_, value, _ := strings.Cut(i.line(), ": ")
			out = append(out, [3]string{visible.Line(name), visible.Line(value), "Connect inserts it"})
		}
	}
	if m.body.json() && !m.body.settled() {
		return out // it is being looked at
	}
	if kind := m.body.mediaType(); kind != "" && typeOf(fieldsOf(m.headers.rows)) == "" {
		out = append(out, [3]string{contentType, visible.Line(kind), "from the body's kind"})
	}
	return out
}

func (m *Model) rowView(i int, chosen bool, nameWidth, width int, th *themes.Theme) string {
	t := m.current()
	r := row{}
	if i < len(t.rows) {
		r = t.rows[i]
	}
	mark, ink := th.Good.Paint("✓"), th.Text
	if r.off {
		mark, ink = th.Faint.Paint("·"), th.Faint
	}
	shown := r.name
	name := frame.Fit(ink.Paint(visible.Line(r.name)), nameWidth)
	value, note := ink.Paint(visible.Line(r.value)), ""
	if r.file {
		value, note = th.Muted.Paint("file ")+value, m.fileNote(r.value, th)
	}
	if chosen && m.edit == nameField {
		shown = m.input.Value()
		name = frame.Fit(m.field(m.input, m.cell.current(shown), nameWidth, th), nameWidth)
	}
	if chosen && m.edit == valueField {
		value = m.field(m.input, m.cell.current(m.input.Value()), width-nameWidth-5, th)
		if note = ""; r.file {
			note = m.fileNote(m.input.Value(), th)
		}
	}
	if remark := m.remarkOn(shown); m.tab == headersTab && !r.off && remark.text != "" {
		note = remark.ink(th).Paint(remark.text)
	}
	line := " " + mark + " " + name + " " + value
	if note != "" {
		line = frame.Columns(line, note, width-1)
	}
	return frame.Fit(line, width)
}

// fileNote is the size of a file, or what is wrong with it, as far as it is known.
func (m *Model) fileNote(path string, th *themes.Theme) string {
	said, wrong := m.paths.said(path)
	if wrong {
		return th.Bad.Paint("✗ " + said)
	}
	return th.Muted.Paint(said)
}

// pathLine is the path of the body's file, or of the part that is typed.
func (m *Model) pathLine(width int, th *themes.Theme) string {
	typed := m.edit == pathField || m.edit == valueField
	path := m.body.file
	if typed {
		path = m.input.Value()
	}
	note := m.fileNote(path, th)
	if said, wrong := m.paths.said(path); said != "" && !wrong {
		note += th.Muted.Paint(" · " + typeByName(path))
	}
	text := th.Text.Paint(visible.Line(path))
	if typed {
		text = m.field(m.input, m.cell.current(path), max(8, width-ansi.StringWidth(note)-9), th)
	}
	line := " " + th.Muted.Paint("file ") + text
	return frame.Columns(line, note, width-1)
}

func (m *Model) bodyView(width int, th *themes.Theme) string {
	hint := ""
	switch {
	case m.body.kind == fileBody && (m.body.file != "" || m.edit == pathField):
		return list.Chosen(frame.Fit(m.pathLine(width, th), width), m.inside && m.focused && m.edit == nothing, m.focused, width, th)
	case m.body.kind == fileBody:
		hint = "b or ⏎: write the path of the file"
	case m.body.kind == noBody:
		hint = "no body is sent; b writes one, c chooses what it is"
	case m.edit != bodyField && m.body.text.Len() == 0:
		hint = "b or ⏎: write a body; paste works too; c: form, multipart, a file"
	}
	if hint != "" {
		return list.Chosen(frame.Fit(" "+th.Faint.Paint(hint), width), m.inside && m.focused, m.focused, width, th)
	}
	return indented(m.body.text.View(th))
}
