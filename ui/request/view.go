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
	switch {
	case m.err == nil && m.lost == "":
		return ""
	case m.err == nil:
		return ansi.Truncate(" "+th.Warn.Paint("! "+visible.Line(m.lost)), width, "…")
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
	b.WriteString(m.named(host, th.Muted, th) + m.named(path, th.Strong, th))
	if has {
		b.WriteString(th.Muted.Paint("?"))
		for i, piece := range strings.Split(query, "&") {
			if i > 0 {
				b.WriteString(th.Muted.Paint("&"))
			}
			name, value, equals := strings.Cut(piece, "=")
			b.WriteString(th.Syntax(chroma.NameAttribute).Paint(visible.Line(name)))
			if equals {
				b.WriteString(th.Muted.Paint("=") + m.named(value, th.Syntax(chroma.LiteralNumber), th))
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
