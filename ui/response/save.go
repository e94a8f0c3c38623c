package response

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/home"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// saver writes the body to a file.
type saver struct {
	input  textinput.Model
	typed  bool // the person changed the path: it is kept for the next time
	exists bool // the file is there, and the person was told
	busy   *document.Document
}

// holds reports that a document is being saved, and so must stay open.
func (s *saver) holds(doc *document.Document) bool { return s.busy != nil && s.busy == doc }

// saved answers write.
type saved struct {
	path string
	size int64
	part bool // the body had not ended, or broke off
	err  error
}

// extensions are those of the name that is offered.
var extensions = map[document.Kind]string{
	document.JSON: "json", document.XML: "xml", document.HTML: "html", document.Binary: "bin",
}

// openSave begins to type where the body goes.
func (m *Model) openSave() tea.Cmd {
	m.typing = pathField
	m.save.exists = false
	if !m.save.typed || m.save.input.Value() == "" {
		ext, ok := extensions[m.doc.State().Kind]
		if !ok {
			ext = "txt"
		}
		m.save.input.SetValue("response." + ext)
	}
	m.save.input.Focus()
	m.save.input.CursorEnd()
	return nil
}

// write saves the body in a job. A file that is there is only replaced when
// enter is pressed once more.
func (m *Model) write() tea.Cmd {
	path, doc, replace := strings.TrimSpace(m.save.input.Value()), m.doc, m.save.exists
	switch {
	case path == "" || doc == nil:
		m.leave()
		return nil
	case m.save.busy != nil:
		m.leave()
		m.word = "another body is still being saved · esc cancels that"
		return nil
	}
	m.save.busy = doc
	return job.Start("response.save", "saving "+visible.Line(path), func(ctx context.Context) tea.Msg {
		state := doc.State()
		size, err := writeFile(ctx, home.Expand(path), doc.Reader(), replace)
		return saved{path, size, !state.Ended || state.Err != nil, err}
	})
}

// writeFile writes to a file beside the wanted one (mode 0600) and gives it the
// name when it is whole: nothing half-written is left.
func writeFile(ctx context.Context, path string, body io.Reader, replace bool) (size int64, err error) {
	if at, err := os.Stat(path); err == nil && at.IsDir() {
		return 0, atomicfile.ErrFolder
	}
	if _, err := os.Lstat(path); err == nil && !replace {
		return 0, fs.ErrExist
	}
	err = atomicfile.Write(path, func(f *atomicfile.File) error {
		size, err = io.Copy(f, until{ctx.Err, body})
		return err
	})
	return size, err
}

// until reads until its context ends.
type until struct {
	ended func() error
	io.Reader
}

func (u until) Read(p []byte) (int, error) {
	if err := u.ended(); err != nil {
		return 0, err
	}
	return u.Reader.Read(p)
}

func (m *Model) saved(msg saved) {
	busy := m.save.busy
	m.save.busy = nil
	if busy != nil && busy != m.doc && busy != m.original() {
		_ = busy.Close() // another answer took its place meanwhile
	}
	switch {
	case errors.Is(msg.err, fs.ErrExist) && m.typing == pathField:
		m.save.exists = true
		return
	case errors.Is(msg.err, context.Canceled):
		m.word = "not saved: cancelled"
	case msg.err != nil:
		m.word = "not saved: " + visible.Line(msg.err.Error()) + " · w asks for the file again"
	default:
		m.word = fmt.Sprintf("saved %s to %s", list.Bytes(msg.size), visible.Line(msg.path))
		if msg.part {
			m.word += ": what came until then, not the whole body"
		}
	}
	if m.typing == pathField {
		m.leave()
	}
}

// copied brings what goes to the clipboard.
type copied struct{ text, word string }

// copyWhat copies the body, or the line of another tab.
func (m *Model) copyWhat() tea.Cmd {
	switch row := m.side.Row(); {
	case m.tab == headersTab && m.exchange.Response != nil && row >= 0:
		h := m.exchange.Response.Headers[row]
		return tell(copied{h.Name + ": " + h.Value, "copied the header " + visible.Line(h.Name)})
	case m.tab == sentTab && row >= 0:
		return tell(copySent(m.sent[row]))
	case m.tab == diagnosisTab && row >= 0:
		return tell(copied{strings.Join(m.diagnosis(80), "\n") + "\n", "copied the diagnosis"})
	case m.doc == nil:
		return tell(copied{"", errNothing.Error() + " to copy"})
	}
	doc := m.doc
	return job.Start("response.copy", "copying the body", func(context.Context) tea.Msg {
		body, err := io.ReadAll(io.LimitReader(doc.Reader(), mostValue+1))
		switch {
		case err != nil:
			return copied{"", "not copied: " + visible.Line(err.Error())}
		case len(body) == 0:
			return copied{"", errNothing.Error() + " to copy"}
		case len(body) > mostValue:
			return copied{"", "more than " + list.Bytes(mostValue) + " · w saves it to a file"}
		}
		return copied{string(body), "copied " + list.Bytes(int64(len(body)))}
	})
}

func copySent(line sentLine) copied {
	switch {
	case line.copy == "":
		return copied{"", "nothing on this line to copy"}
	case len(line.copy) > mostValue:
		return copied{"", line.what + " is too long to be copied"}
	}
	return copied{line.copy, "copied " + line.what}
}

func tell(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }
