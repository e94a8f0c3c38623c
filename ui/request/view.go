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

// Status says what can be typed.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	switch m.edit {
	case urlField:
		left = "⏎ sends · esc leaves"
		if m.completion() != "" {
			left = "tab takes the completion · " + left
		}
	case methodField:
		left = "type or ↑↓ · ⏎ takes"
	case nameField, valueField:
		left = "⏎ next · esc leaves · ctrl+u empties"
	case bodyField:
		left = "esc leaves · ^R sends"
	case nothing:
		if m.app != nil && m.app.Relative() {
			left = "this app takes a path, such as /api/…: its host differs by account"
		}
	}
	return th.Muted.Paint(left), ""
}

// View draws the pane.
func (m *Model) View(width, height int, th *themes.Theme) string {
	lines := []string{m.urlLine(width, th)}
	if height >= roomy {
		lines = append(lines, m.wrong(width, th))
	}
	lines = append(lines, m.tabLine(th))
	if height >= roomy {
		lines = append(lines, "")
	} else if m.err != nil {
		lines[len(lines)-1] = m.wrong(width, th)
	}
	lines = append(lines, strings.Split(m.content(width, max(0, height-len(lines)), th), "\n")...)
	return strings.Join(lines[:min(len(lines), height)], "\n")
}

// wrong is the line below the URL: what is wrong, if anything is.
func (m *Model) wrong(width int, th *themes.Theme) string {
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
		return " " + chip + "  " + m.field(m.url, room, th)
	}
	return " " + chip + "  " + ansi.Truncate(m.paintURL(th), room, "…")
}

// paintURL colours a URL by its parts: the path is what one looks for.
func (m *Model) paintURL(th *themes.Theme) string {
	base, query, fragment, has := cut(m.url.Value())
	if base == "" && !has {
		if m.focused && !m.inside {
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

// field draws an input with its cursor in the theme's colours.
func (m *Model) field(in textinput.Model, width int, th *themes.Theme) string {
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
	size := "–"
	if n := m.body.size(); n > 0 {
		size = list.Bytes(int64(n))
	}
	return [tabs][2]string{{"Params", count(m.params)}, {"Headers", count(m.headers)}, {"Body", size}, {"Preview", ""}}
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
	case m.tab == bodyTab:
		return m.bodyView(width, th)
	case m.tab == previewTab:
		lines := m.previewLines()
		return m.preview.Render(height, func(i int, _ bool) string {
			return ansi.Truncate(" "+th.Text.Paint(lines[i]), width, "…")
		})
	}
	return m.tableView(width, height, th)
}

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
	return t.cursor.Render(height, func(i int, chosen bool) string {
		chosen = chosen && m.inside
		line := ""
		switch {
		case i == len(t.rows) && m.edit != nameField && m.edit != valueField || i == len(t.rows) && !chosen:
			line = " " + th.Faint.Paint("+ "+map[tab]string{paramsTab: "add a parameter", headersTab: "add a header"}[m.tab])
		default:
			line = m.rowView(i, chosen, nameWidth, width, th)
		}
		return list.Chosen(line, chosen && m.edit == nothing, m.focused, width, th)
	})
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
	name := frame.Fit(ink.Paint(visible.Line(r.name)), nameWidth)
	value := ink.Paint(visible.Line(r.value))
	if chosen && m.edit == nameField {
		name = frame.Fit(m.field(m.input, nameWidth, th), nameWidth)
	}
	if chosen && m.edit == valueField {
		value = m.field(m.input, width-nameWidth-5, th)
	}
	return frame.Fit(" "+mark+" "+name+" "+value, width)
}

func (m *Model) bodyView(width int, th *themes.Theme) string {
	if m.body.big != nil {
		why := "too long to edit here"
		if len(m.body.big) <= editable {
			why = "not plain text, so not edited here"
		}
		return list.Words(width, th.Text, list.Bytes(int64(len(m.body.big)))+", "+why+"; it is sent as it is", th, "d deletes it") +
			"\n " + ansi.Truncate(th.Faint.Paint(visible.Line(string(m.body.big[:min(len(m.body.big), 400)]))), width-2, "…")
	}
	if m.edit != bodyField && m.body.size() == 0 {
		return list.Chosen(frame.Fit(" "+th.Faint.Paint("b or ⏎: write a body; paste works too"), width), m.inside && m.focused, m.focused, width, th)
	}
	area := m.body.area
	styles := area.Styles()
	plain := th.Text.Style()
	styles.Focused.Text, styles.Blurred.Text = plain, plain
	styles.Focused.CursorLine, styles.Blurred.CursorLine = plain, plain
	styles.Focused.EndOfBuffer, styles.Blurred.EndOfBuffer = plain, plain
	styles.Cursor.Color = th.Accent.Style().GetForeground()
	area.SetStyles(styles)
	return " " + strings.ReplaceAll(visible.Painted(area.View()), "\n", "\n ")
}
