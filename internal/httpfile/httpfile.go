// Package httpfile reads and writes .http files, as JetBrains' and other editors'
// clients do: requests parted by ### lines, each with a name, variables, headers and a
// body.
package httpfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/connectty/connectty/proxy"
)

// File is what a .http file holds.
type File struct {
	Variables map[string]string // of @name = value lines, wherever they stand
	Requests  []Request
}

// Request is one request of a file.
type Request struct {
	Name    string // may be empty
	Line    int    // of its first line, 1-based
	Method  string
	URL     string
	Headers []proxy.Field
	Body    string
	// BodyFile is the file that a line "< path" names, as it is written there, and that is
	// sent as it is; empty for none. Of "<@ path" the text is Body.
	BodyFile string
	Parts    []Part   // of a multipart form, in place of Body
	Boundary string   // of Parts
	Notices  []string // what is not done here: scripts of other programs

	raw string // as it stands in the file, from its first line to its last
}

// LineError tells what is wrong in a line.
type LineError struct {
	Line int
	Text string
}

// Error names the line.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

var (
	variable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^@([A-Za-z_][\w.\-]*)\s*=\s*(.*)$`) })
	named    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:#|//)\s*@name[\s=]+(.+)$`) })
	method   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(.+)$`) })
	version  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s+HTTP/\d(\.\d)?$`) })
)

// Parse reads a file. A block without a request is passed over.
func Parse(text string) (File, error) {
	f := File{Variables: map[string]string{}}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	start, name := 0, ""
	for i := 0; i <= len(lines); i++ {
		if i < len(lines) && !strings.HasPrefix(lines[i], "###") {
			continue
		}
		r, ok, err := f.block(lines[start:min(i, len(lines))], start)
		if err != nil {
			return f, err
		}
		if ok {
			if r.Name == "" {
				r.Name = name
			}
			f.Requests = append(f.Requests, r)
		}
		if i < len(lines) {
			name = strings.TrimSpace(strings.TrimLeft(lines[i], "#"))
		}
		start = i + 1
	}
	return f, nil
}

// block reads the lines between two ###.
func (f *File) block(lines []string, offset int) (r Request, ok bool, err error) {
	i := 0
	for ; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if m := variable().FindStringSubmatch(line); m != nil {
			f.Variables[m[1]] = m[2]
			continue
		}
		if m := named().FindStringSubmatch(line); m != nil {
			r.Name = strings.TrimSpace(m[1])
			continue
		}
		if line != "" && !comment(line) {
			break
		}
	}
	if i == len(lines) {
		return r, false, nil
	}
	r.Line = offset + i + 1
	r.raw = strings.TrimRight(strings.Join(lines[i:], "\n"), "\r\n \t")
	i = r.head(lines, i)
	for ; i < len(lines) && strings.TrimSpace(lines[i]) != ""; i++ {
		line := strings.TrimSpace(lines[i])
		if comment(line) {
			continue
		}
		name, value, isHeader := strings.Cut(line, ":")
		if !isHeader || strings.ContainsAny(name, " \t") {
			return r, false, &LineError{offset + i + 1, fmt.Sprintf("%q is no header line; the body comes after a blank line", line)}
		}
		r.Headers = append(r.Headers, proxy.Field{Name: name, Value: strings.TrimSpace(value)})
	}
	r.content(lines[min(i+1, len(lines)):])
	return r, true, nil
}

func comment(line string) bool { return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") }

// head reads method and URL; lines that are indented go on with the URL. It returns
// the line behind them.
func (r *Request) head(lines []string, i int) int {
	line := version().ReplaceAllString(strings.TrimSpace(lines[i]), "")
	r.Method, r.URL = "GET", line
	if m := method().FindStringSubmatch(line); m != nil {
		r.Method, r.URL = m[1], strings.TrimSpace(m[2])
	}
	for i++; i < len(lines) && lines[i] != "" && strings.ContainsRune(" \t", rune(lines[i][0])); i++ {
		part := strings.TrimSpace(lines[i])
		if part == "" {
			break
		}
		r.URL += version().ReplaceAllString(part, "")
	}
	return i
}

// content reads the body, up to what another program would do with the answer.
func (r *Request) content(lines []string) {
	for i, line := range lines {
		if strings.HasPrefix(line, "> ") || strings.HasPrefix(line, "<> ") {
			r.Notices = append(r.Notices, "what is to be done with the answer ("+strings.TrimSpace(line)+") is not done here")
			lines = lines[:i]
			break
		}
	}
	text := strings.Trim(strings.Join(lines, "\n"), "\n")
	if path, ok := strings.CutPrefix(text, "< "); ok && !strings.Contains(text, "\n") {
		r.BodyFile = strings.TrimSpace(path)
		return
	}
	r.Body = strings.TrimRight(text, "\r\n \t")
	if b := boundary(r.Headers); b != "" {
		if all, ok := parts(r.Body, b); ok {
			r.Parts, r.Boundary, r.Body = all, b, ""
		}
	}
}

// Block writes a request as one block, with the ### line that begins it.
func (r *Request) Block() string {
	var b strings.Builder
	b.WriteString(strings.TrimRight("### "+r.Name, " ") + "\n" + r.Method + " " + r.URL + "\n")
	for _, h := range r.Headers {
		b.WriteString(h.Name + ": " + h.Value + "\n")
	}
	switch {
	case r.BodyFile != "":
		b.WriteString("\n< " + r.BodyFile + "\n")
	case len(r.Parts) > 0:
		b.WriteString("\n")
		writeParts(&b, r.Parts, r.Boundary)
	case r.Body != "":
		b.WriteString("\n" + r.Body + "\n")
	}
	return b.String()
}

// Read reads a file. The paths of files that its requests send are then those that can
// be opened; that they are there is seen to when they are sent.
func Read(path string) (File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return File{}, err
	}
	f, err := Parse(string(data))
	if err != nil {
		return f, fmt.Errorf("%s: %w", path, err)
	}
	for i := range f.Requests {
		if err := f.Requests[i].locate(path); err != nil {
			return f, fmt.Errorf("%s: %w", path, err)
		}
	}
	return f, nil
}

// locate finds the files that a request names beside its own.
func (r *Request) locate(path string) error {
	for i, p := range r.Parts {
		if p.File {
			r.Parts[i].Value = beside(path, p.Value)
		}
	}
	if r.BodyFile != "" {
		r.BodyFile = beside(path, r.BodyFile)
	}
	name, ok := strings.CutPrefix(r.Body, "<@ ")
	if !ok || strings.Contains(name, "\n") {
		return nil
	}
	body, err := os.ReadFile(beside(path, name))
	if err != nil {
		return &LineError{r.Line, "its body: " + err.Error()}
	}
	r.Body = string(body)
	return nil
}

func beside(path, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(path), name)
}

// The files in which variables of an environment stand, the second beating the first.
var envFiles = []string{"http-client.env.json", "http-client.private.env.json"}

// Environment reads the variables of an environment from the files beside a .http
// file; those of "$shared" are of every one.
func Environment(path, name string) (map[string]string, error) {
	out := map[string]string{}
	for _, file := range envFiles {
		full := beside(path, file)
		data, err := os.ReadFile(full)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var envs map[string]map[string]any
		if err == nil {
			err = json.Unmarshal(data, &envs)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", full, err)
		}
		for _, env := range []string{"$shared", name} {
			for k, v := range envs[env] {
				out[k] = fmt.Sprint(v)
			}
		}
	}
	return out, nil
}
