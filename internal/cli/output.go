package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
)

// sink is where the body of an answer goes: standard output as it arrives, or a
// file that takes its name when it is whole.
type sink struct {
	app     *app
	to      io.Writer // nil where the body is printed as part of an object
	file    *atomicfile.File
	path    string
	include bool
	headed  bool
	written int64
	err     error
}

func (a *app) output(f sendFlags) (*sink, error) {
	s := &sink{app: a, include: f.include, path: f.output}
	switch {
	case f.output != "" && f.output != "-":
		file, err := atomicfile.Create(f.output)
		if err != nil {
			return nil, usage(fmt.Errorf("-o %s: %w", f.output, err))
		}
		s.file, s.to = file, file
	case f.json:
	case a.outTTY:
		s.to = &safeWriter{to: a.out}
	default:
		s.to = a.out
	}
	return s, nil
}

// progress writes what has arrived since the last time.
func (s *sink) progress(r session.Result) {
	if s.to == nil || s.err != nil || r.Document == nil {
		return
	}
	if s.include && !s.headed {
		s.headed = true
		s.err = s.head(r.Exchange.Response)
	}
	s.copy(r.Document)
}

func (s *sink) copy(doc *document.Document) {
	reader := doc.Reader()
	if seeker, ok := reader.(io.Seeker); ok && s.err == nil {
		if _, s.err = seeker.Seek(s.written, io.SeekStart); s.err == nil {
			var n int64
			n, s.err = io.Copy(s.to, reader)
			s.written += n
		}
	}
}

// deaf reports that nobody reads what is printed any more.
func (s *sink) deaf() bool { return errors.Is(s.err, syscall.EPIPE) }

// head prints status and headers; with -o they go to standard output.
func (s *sink) head(r *history.Response) error {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP %d %s\n", r.Status, http.StatusText(r.Status))
	for _, h := range r.Headers {
		b.WriteString(visible.Line(h.Name+": "+h.Value) + "\n")
	}
	_, err := io.WriteString(s.app.out, b.String()+"\n")
	return err
}

// end writes the rest, and gives the file its name if the body is whole. Half a
// file is none.
func (s *sink) end(r session.Result) error {
	if r.Err == nil {
		s.progress(r)
	} else if s.file == nil {
		s.progress(r) // what came is shown; the error says that it broke off
	}
	if safe, ok := s.to.(*safeWriter); ok {
		s.err = errors.Join(s.err, safe.flush())
	}
	if s.file == nil {
		return s.err
	}
	err := s.err
	if err == nil && r.Err == nil {
		err = s.file.Commit()
	}
	if err != nil || r.Err != nil {
		s.file.Discard()
		s.app.tell(s.path, "was not written")
	}
	return err
}

// safeWriter makes a body safe for a terminal, line by line.
type safeWriter struct {
	to   io.Writer
	rest []byte
}

// longestLine is how much of a line without an end is held back.
const longestLine = 64 << 10

// Write passes on whole lines.
func (w *safeWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	cut := strings.LastIndexByte(string(w.rest), '\n') + 1
	if cut == 0 && len(w.rest) > longestLine {
		cut = len(w.rest)
	}
	_, err := io.WriteString(w.to, visible.Block(string(w.rest[:cut])))
	w.rest = append(w.rest[:0], w.rest[cut:]...)
	return len(p), err
}

// flush passes on what has no line break behind it, and adds one.
func (w *safeWriter) flush() error {
	if len(w.rest) == 0 {
		return nil
	}
	_, err := io.WriteString(w.to, visible.Block(string(w.rest))+"\n")
	w.rest = nil
	return err
}

// printJSON prints one object on a line. A terminal gets what it might obey as
// escapes, which mean the same.
func (a *app) printJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	return a.writeJSON(b.Bytes())
}

func (a *app) writeJSON(text []byte) error {
	if a.outTTY {
		text = visible.JSON(text)
	}
	_, err := a.out.Write(text)
	return err
}

// jsonLines makes JSON that arrives in pieces safe for a terminal; a piece that
// ends within a character waits for the rest.
type jsonLines struct {
	app  *app
	rest []byte
}

// Write passes on whole characters.
func (w *jsonLines) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	cut := len(w.rest)
	for n := 1; n < utf8.UTFMax && n <= len(w.rest); n++ {
		if utf8.RuneStart(w.rest[len(w.rest)-n]) {
			if !utf8.FullRune(w.rest[len(w.rest)-n:]) {
				cut -= n
			}
			break
		}
	}
	err := w.app.writeJSON(w.rest[:cut])
	w.rest = append(w.rest[:0], w.rest[cut:]...)
	return len(p), err
}

// table prints columns.
type table struct{ w *tabwriter.Writer }

func (a *app) table() table { return table{tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)} }

// row adds a line; what a server sent is made safe to print.
func (t table) row(cells ...string) error {
	for i, c := range cells {
		cells[i] = visible.Line(c)
	}
	_, err := fmt.Fprintln(t.w, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	return err
}

func (t table) end() error { return t.w.Flush() }
