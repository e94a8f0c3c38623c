package session

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
)

// Part is one field of a multipart form.
type Part struct {
	Name, Value string
	File        bool // Value is the path of a file, which is sent as it is
}

// content is a body that is ready to be read, as often as needed.
type content struct {
	*io.SectionReader

	files []*os.File
}

// close ends the reading of files; a nil content has none.
func (c *content) close() {
	if c == nil {
		return
	}
	for _, f := range c.files {
		_ = f.Close() // it was read only
	}
}

// open makes the body of a request that is a file or a form with parts; nil for
// any other.
func (r Request) open() (*content, error) {
	switch {
	case r.File != "":
		c := &content{}
		section, err := c.file("body", r.File)
		if err != nil {
			return nil, err
		}
		c.SectionReader = section
		return c, nil
	case len(r.Parts) > 0:
		return r.multipart()
	}
	return nil, nil
}

func bytesSection(b []byte) *io.SectionReader {
	return io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))
}

// file opens a file of the content.
func (c *content) file(field, path string) (*io.SectionReader, error) {
	refuse := func(reason string) error {
		return &proxy.InputError{Field: field, Value: path, Reason: reason, Hint: "nothing was sent"}
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, refuse("is no ordinary file")
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(path)
	}
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, refuse("cannot be read: " + failed.Err.Error())
	} else if err != nil {
		return nil, err
	}
	c.files = append(c.files, f)
	return io.NewSectionReader(f, 0, info.Size()), nil
}

// multipart joins the parts, without reading files into memory.
func (r Request) multipart() (*content, error) {
	c := &content{}
	var all joined
	var head bytes.Buffer
	w := multipart.NewWriter(&head)
	if err := w.SetBoundary(r.Boundary); err != nil {
		return nil, fmt.Errorf("multipart body: %w", err)
	}
	flush := func() {
		all.add(bytesSection(bytes.Clone(head.Bytes())))
		head.Reset()
	}
	for _, p := range r.Parts {
		if !p.File {
			if err := w.WriteField(p.Name, p.Value); err != nil {
				return nil, fmt.Errorf("form field %q: %w", p.Name, err)
			}
			continue
		}
		section, err := c.file("form field "+p.Name, p.Value)
		if err == nil {
			_, err = w.CreatePart(fileHeader(p))
		}
		if err != nil {
			c.close()
			return nil, err
		}
		flush()
		all.add(section)
	}
	if err := w.Close(); err != nil {
		c.close()
		return nil, fmt.Errorf("multipart body: %w", err)
	}
	flush()
	c.SectionReader = io.NewSectionReader(&all, 0, all.size)
	return c, nil
}

var escapeQuotes = strings.NewReplacer(`\`, `\\`, `"`, "%22", "\r", "%0D", "\n", "%0A")

func fileHeader(p Part) textproto.MIMEHeader {
	kind := mime.TypeByExtension(filepath.Ext(p.Value))
	if kind == "" {
		kind = "application/octet-stream"
	}
	return textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, escapeQuotes.Replace(p.Name), escapeQuotes.Replace(filepath.Base(p.Value)))},
		"Content-Type":        {kind},
	}
}

// joined is sections one behind the other.
type joined struct {
	sections []*io.SectionReader
	size     int64
}

func (j *joined) add(s *io.SectionReader) {
	j.sections = append(j.sections, s)
	j.size += s.Size()
}

// ReadAt reads across the sections.
func (j *joined) ReadAt(p []byte, at int64) (int, error) {
	done := 0
	for _, s := range j.sections {
		if at >= s.Size() {
			at -= s.Size()
			continue
		}
		n, err := s.ReadAt(p[done:min(int64(len(p)), int64(done)+s.Size()-at)], at)
		done += n
		if err != nil && !errors.Is(err, io.EOF) {
			return done, err
		}
		if at += int64(n); at < s.Size() && done < len(p) {
			return done, io.ErrUnexpectedEOF // the file has become shorter
		}
		if at = 0; done == len(p) {
			return done, nil
		}
	}
	return done, io.EOF
}

// recorded is the beginning of the body, as much as the history keeps.
func (c *content) recorded(store *history.Store) (body []byte, cut bool, err error) {
	limit := c.Size()
	if store != nil {
		limit = min(limit, store.MaxBody())
	}
	body = make([]byte, limit)
	if _, err := c.ReadAt(body, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, false, fmt.Errorf("read the body: %w", err)
	}
	return body, limit < c.Size(), nil
}
