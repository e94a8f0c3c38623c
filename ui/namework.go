package ui

import (
	"context"
	"errors"
	"maps"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/httpfile"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/variables"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
)

// naming is what is known of the values of {{names}}.
type naming struct {
	values map[string]string // of the environment's files, and of the .http file that was opened
	opened *saved            // the request of that file; nil for none
	last   lastRead          // the answer that last.… names look into
	loose  uint64            // mark of what may go out though names in it have no value; 0 for nothing
}

// valuesRead answers readValues.
type valuesRead struct {
	values map[string]string
	err    error
}

// readValues reads the values of names anew: the files may have been edited meanwhile.
func (m *model) readValues() tea.Cmd {
	read := m.valueReader()
	return job.Start("values", "", func(context.Context) tea.Msg {
		values, err := read()
		return valuesRead{values, err}
	})
}

// valueReader returns what reads the values of the environment: of the collections, of
// the folder connectty was started in, and of the .http file that was opened and those
// beside it; the later beat the earlier.
func (m *model) valueReader() func() (map[string]string, error) {
	env, origin := string(m.target.env), ""
	if m.naming.opened != nil {
		origin = m.naming.opened.path
	}
	places := []string{filepath.Join(m.collectionDir(), "any.http"), "any.http"}
	if origin != "" {
		places = append(places, origin)
	}
	return func() (map[string]string, error) {
		values := map[string]string{}
		var all error
		for _, place := range places {
			more, err := httpfile.Environment(place, env)
			all = errors.Join(all, err)
			maps.Copy(values, more)
		}
		if origin != "" {
			file, err := httpfile.Read(origin)
			all = errors.Join(all, err)
			maps.Copy(values, file.Variables)
		}
		return values, all
	}
}

func (msg valuesRead) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn(visible.Line(msg.err.Error()), "names that stand there have no value")
	}
	m.naming.values = msg.values
	m.showNames()
	return nil
}

// showNames tells the request which names have a value.
func (m *model) showNames() {
	if m.session == nil {
		return
	}
	req := m.withNames(session.Request{Target: m.sessionTarget(), App: m.target.app})
	req.Last = m.naming.last.find
	m.request.SetNames(m.session.Names(req))
}

// lastRead answers readLast.
type lastRead struct {
	exchange string // its id; empty for none
	find     func(path string) (string, bool)
}

// readLast reads the answer that shows, once the request has names of it: only then is
// it worth the room in memory.
func (m *model) readLast() tea.Cmd {
	id := m.response.Exchange().ID
	if !m.request.NamesLast() || m.flying() || id == m.naming.last.exchange {
		return nil
	}
	m.naming.last = lastRead{exchange: id}
	find := m.lastAnswer()
	if find == nil {
		return nil
	}
	return job.Start("last", "", func(context.Context) tea.Msg {
		find("body") // reads it
		return lastRead{id, find}
	})
}

func (msg lastRead) land(m *model) tea.Cmd {
	m.naming.last = msg
	m.showNames()
	return nil
}

// withNames gives a request the values of its names.
func (m *model) withNames(req session.Request) session.Request {
	req.Variables = m.naming.values
	if req.Variables == nil {
		req.Variables = map[string]string{}
	}
	req.Last = m.lastAnswer()
	return req
}

// lastAnswer finds values in the answer that shows; nil where none does.
func (m *model) lastAnswer() func(path string) (string, bool) {
	x, doc := m.response.Exchange(), m.response.Document()
	switch {
	case x.Response == nil:
		return nil
	case doc == nil:
		return variables.Last(x.Response.Status, x.Response.Headers, nil)
	}
	return variables.Last(x.Response.Status, x.Response.Headers, doc.Reader())
}

// filled answers fillIn.
type filled struct {
	request session.Request
	mark    uint64 // of what was composed
	values  map[string]string
	err     error
}

// fillIn puts values in the place of names before a person is asked anything about the
// request, so that they see what goes out.
func (m *model) fillIn(req session.Request) tea.Cmd {
	s, mark, read := m.session, m.request.Mark(), m.valueReader()
	req.Loose = m.naming.loose == mark
	return job.Start("fill", "", func(context.Context) tea.Msg {
		values, err := read()
		if err != nil {
			return filled{req, mark, values, err}
		}
		req.Variables = values
		req, err := s.Fill(req)
		return filled{req, mark, values, err}
	})
}

func (msg filled) land(m *model) tea.Cmd {
	if msg.values != nil {
		m.naming.values = msg.values
		m.showNames()
	}
	if msg.err != nil {
		m.naming.loose = msg.mark
		m.warn(visible.Line(msg.err.Error()), m.key("request.send")+" once more sends it as it stands")
		return nil
	}
	return m.dispatch(msg.request)
}

// holed says what was left out of what is composed when it was stored, a secret or the end
// of its body, unless a person was told.
func (m *model) holed(req session.Request, cut bool) bool {
	mark := m.request.Mark()
	masked := req.Holds(redact.Mask)
	if m.naming.loose == mark || !masked && !cut {
		return false
	}
	m.naming.loose = mark
	why := redact.Mask + " stands where a secret was left out: write it there"
	if !masked {
		why = "the body was cut when it was stored: what stands here is not all of it"
	}
	m.warn(why, m.key("request.send")+" once more sends it as it stands")
	return true
}
