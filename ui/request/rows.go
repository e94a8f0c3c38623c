package request

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

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
