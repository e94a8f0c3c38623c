package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
)

// body fills in what -d or -F say.
func (a *app) body(f sendFlags, req *session.Request) error {
	switch {
	case f.hasData && len(f.form) > 0:
		return &proxy.InputError{Field: "body", Reason: "is given twice, by -d and by -F", Hint: "choose one"}
	case f.hasData:
		data, err := a.read(f.data)
		if err != nil {
			return err
		}
		req.Body = data
		mediaType := "text/plain"
		if json.Valid(data) {
			mediaType = "application/json"
		}
		setDefault(req, mediaType)
	case len(f.form) > 0:
		data, mediaType, err := form(f.form)
		if err != nil {
			return err
		}
		req.Body = data
		setDefault(req, mediaType)
	}
	return nil
}

// setDefault adds a Content-Type unless there is one.
func setDefault(req *session.Request, mediaType string) {
	typed := slices.ContainsFunc(req.Headers, func(h proxy.Field) bool { return strings.EqualFold(h.Name, "Content-Type") })
	if !typed && len(req.Body) > 0 {
		req.Headers = append(req.Headers, proxy.Field{Name: "Content-Type", Value: mediaType})
	}
}

// read returns text, a file's content for @file, or standard input for -.
func (a *app) read(data string) ([]byte, error) {
	if data == "-" {
		return io.ReadAll(a.in)
	}
	path, isFile := strings.CutPrefix(data, "@")
	if !isFile {
		return []byte(data), nil
	}
	return readFile(path)
}

func readFile(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, &proxy.InputError{Field: "body file", Value: path, Reason: "cannot be read: " + p.Err.Error(), Hint: "nothing was sent"}
	}
	return content, err
}

// form makes a multipart body of name=value and name=@file.
func form(fields []string) (body []byte, mediaType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range fields {
		name, value, ok := strings.Cut(field, "=")
		if !ok || name == "" {
			return nil, "", &proxy.InputError{Field: "form field", Value: field, Reason: "has no name", Hint: "write it as -F name=value or -F name=@file"}
		}
		path, isFile := strings.CutPrefix(value, "@")
		if !isFile {
			if err := w.WriteField(name, value); err != nil {
				return nil, "", err
			}
			continue
		}
		content, err := readFile(path)
		if err != nil {
			return nil, "", err
		}
		part, err := w.CreateFormFile(name, filepath.Base(path))
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			return nil, "", fmt.Errorf("form field %q: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}
