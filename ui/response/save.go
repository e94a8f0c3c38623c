package response

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// saver writes the body to a file.
type saver struct {
	input  textinput.Model
	exists bool // the file is there, and the person was told
}

// saved answers write.
type saved struct {
	path string
	size int64
	err  error
}

// openSave begins to type where the body goes.
func (m *Model) openSave() tea.Cmd {
	m.typing = pathField
	m.save.exists = false
	if m.save.input.Value() == "" {
		m.save.input.SetValue("response." + strings.ToLower(string(m.doc.State().Kind)))
	}
	m.save.input.Focus()
	m.save.input.CursorEnd()
	return nil
}

// write saves the body in a job. A file that is there is only replaced when
// enter is pressed once more.
func (m *Model) write() tea.Cmd {
	path, doc, replace := m.save.input.Value(), m.doc, m.save.exists
	if path == "" || doc == nil {
		m.leave()
		return nil
	}
	return job.Start("response.save", "saving "+visible.Line(path), func(context.Context) tea.Msg {
		size, err := writeFile(path, doc, replace)
		return saved{path, size, err}
	})
}

// writeFile writes to a file beside the wanted one and renames it when it is
// whole.
func writeFile(path string, doc *document.Document, replace bool) (size int64, err error) {
	if _, err := os.Lstat(path); err == nil && !replace {
		return 0, fs.ErrExist
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return 0, err
	}
	size, err = io.Copy(f, doc.Reader())
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what is half written is of no use
	}
	return size, err
}

func (m *Model) saved(msg saved) {
	switch {
	case errors.Is(msg.err, fs.ErrExist):
		m.save.exists = true
	case msg.err != nil:
		m.leave()
		m.word = "not saved: " + visible.Line(msg.err.Error())
	default:
		m.leave()
		m.word = fmt.Sprintf("saved %s to %s", list.Bytes(msg.size), visible.Line(msg.path))
	}
}

// copied brings what goes to the clipboard.
type copied struct{ text, word string }

// mostCopied is what terminals take from a program for the clipboard.
const mostCopied = 100_000

// copyWhat copies the body, or the line of another tab.
func (m *Model) copyWhat() tea.Cmd {
	switch {
	case m.tab == headersTab && m.exchange.Response != nil && m.side.Row() >= 0:
		h := m.exchange.Response.Headers[m.side.Row()]
		return tell(copied{h.Name + ": " + h.Value, "copied the header"})
	case m.tab == sentTab && m.side.Row() >= 0:
		return tell(copied{m.exchange.Request.URL, "copied the URL"})
	case m.doc == nil:
		return tell(copied{"", errNothing.Error()})
	}
	doc := m.doc
	return job.Start("response.copy", "copying the body", func(context.Context) tea.Msg {
		body, err := io.ReadAll(io.LimitReader(doc.Reader(), mostCopied+1))
		switch {
		case err != nil:
			return copied{"", err.Error()}
		case len(body) > mostCopied:
			return copied{"", "too long for a terminal's clipboard; w saves it to a file"}
		}
		return copied{string(body), "copied " + list.Bytes(int64(len(body)))}
	})
}

func tell(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }
