package ui

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/editor"
	"github.com/connectty/connectty/internal/pasted"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/request"
)

// part is what of a request is handed to an editor.
type part struct {
	suffix string
	text   func(d request.Draft) string
	take   func(d *request.Draft, text string) error
}

// The parts of a request.
var (
	wholeRequest = part{".http", func(d request.Draft) string {
		return strings.TrimRight(d.Method+" "+d.URL, " ") + "\n" + headerLines(d.Headers) + "\n" + string(d.Body)
	}, func(d *request.Draft, text string) error {
		r, err := pasted.ReadHTTP(strings.TrimSuffix(text, "\n")) // which editors put behind the last line
		if err == nil {
			*d = request.Draft{Method: r.Method, URL: r.URL, Headers: r.Headers, Body: r.Body}
		}
		return err
	}}
	headersOnly = part{".txt", func(d request.Draft) string { return headerLines(d.Headers) }, func(d *request.Draft, text string) error {
		headers, err := pasted.Headers(text)
		d.Headers = headers
		return err
	}}
)

// bodyOnly is the body, in a file whose name tells what it is.
func bodyOnly(d request.Draft) part {
	suffix := ".txt"
	for _, h := range d.Headers {
		if strings.EqualFold(h.Name, "Content-Type") && strings.Contains(h.Value, "json") || len(d.Body) == 0 {
			suffix = ".json"
		}
	}
	return part{suffix, func(d request.Draft) string { return string(d.Body) }, func(d *request.Draft, text string) error {
		d.Body = []byte(text)
		return nil
	}}
}

func headerLines(headers []proxy.Field) string {
	var b strings.Builder
	for _, h := range headers {
		b.WriteString(h.Name + ": " + h.Value + "\n")
	}
	return b.String()
}

// editOutside hands what the cursor is on to the person's own editor: the body, the
// headers, or the whole request.
func (m *model) editOutside() tea.Cmd {
	m.moveFocus(requestPane)
	d, p := m.request.Compose(), wholeRequest
	switch {
	case m.request.InBody():
		p = bodyOnly(d)
	case m.request.InHeaders():
		p = headersOnly
	}
	return job.Start("editor", "opening your editor", func(context.Context) tea.Msg {
		file, err := editor.Write(p.text(d), p.suffix)
		return outside{file, p, err}
	})
}

// outside answers editOutside: the file is there; inside, that the editor was left.
type (
	outside struct {
		file *editor.File
		part part
		err  error
	}
	inside struct {
		part part
		text string
		err  error
	}
)

func (m *model) outside(msg outside) tea.Cmd {
	if msg.err != nil {
		m.warn("your editor was not opened: "+msg.err.Error(), "")
		return nil
	}
	cmd, err := msg.file.Command()
	if err != nil {
		msg.file.Discard()
		m.warn(visible.Line(err.Error()), "")
		return nil
	}
	return tea.ExecProcess(cmd, func(err error) tea.Msg {
		defer msg.file.Discard()
		if err != nil {
			return inside{err: errors.New("your editor ended with " + err.Error() + "; what it left is not taken")}
		}
		text, err := msg.file.Text()
		return inside{msg.part, text, err}
	})
}

func (m *model) edited(msg inside) tea.Cmd {
	switch {
	case errors.Is(msg.err, editor.ErrUnchanged):
		m.say("Nothing was changed")
		return nil
	case msg.err != nil:
		m.warn(visible.Line(msg.err.Error()), "what is composed is as it was")
		return nil
	}
	d := m.request.Compose()
	if err := msg.part.take(&d, msg.text); err != nil {
		m.warn(visible.Line(err.Error()), "what is composed is as it was")
		return nil
	}
	m.request.Load(d)
	m.say("Taken over · ctrl+z brings back what was there")
	return nil
}
