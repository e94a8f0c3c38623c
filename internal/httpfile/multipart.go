package httpfile

import (
	"mime"
	"path/filepath"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// Part is one field of a multipart form.
type Part struct {
	Name, Value string
	File        bool // Value is a path, as it is written
}

// boundary is what parts the fields of a multipart form; empty for any other body.
func boundary(headers []proxy.Field) string {
	for _, h := range headers {
		if !strings.EqualFold(h.Name, "Content-Type") {
			continue
		}
		kind, params, err := mime.ParseMediaType(h.Value)
		if err == nil && kind == "multipart/form-data" {
			return params["boundary"]
		}
	}
	return ""
}

// parts reads a form as it stands in a file; false where it holds more than names,
// texts and files, and is better left as it is.
func parts(body, boundary string) ([]Part, bool) {
	pieces := strings.Split("\n"+body, "\n--"+boundary)
	if n := len(pieces); n < 3 || strings.TrimSpace(pieces[0]) != "" || !strings.HasPrefix(pieces[n-1], "--") || strings.TrimSpace(pieces[n-1][2:]) != "" {
		return nil, false
	}
	var out []Part
	for _, piece := range pieces[1 : len(pieces)-1] {
		head, value, ok := strings.Cut(strings.TrimPrefix(piece, "\n"), "\n\n")
		if !ok {
			return nil, false
		}
		p, ok := part(head, value)
		if !ok {
			return nil, false
		}
		out = append(out, p)
	}
	return out, true
}

// part reads one field.
func part(head, value string) (Part, bool) {
	name, said, ok := strings.Cut(head, ":")
	kind, params, err := mime.ParseMediaType(strings.TrimSpace(said))
	if !ok || strings.Contains(head, "\n") || !strings.EqualFold(name, "Content-Disposition") || err != nil || kind != "form-data" || params["name"] == "" {
		return Part{}, false
	}
	path, isFile := strings.CutPrefix(value, "< ")
	switch _, named := params["filename"]; {
	case isFile && named && !strings.Contains(path, "\n") && params["filename"] == filepath.Base(path):
		return Part{Name: params["name"], Value: path, File: true}, true
	case isFile, named:
		return Part{}, false
	}
	return Part{Name: params["name"], Value: value}, true
}

// writeParts writes a form as [parts] reads it.
func writeParts(b *strings.Builder, all []Part, boundary string) {
	for _, p := range all {
		params, value := map[string]string{"name": p.Name}, p.Value
		if p.File {
			params["filename"] = filepath.Base(p.Value)
			value = "< " + p.Value
		}
		b.WriteString("--" + boundary + "\nContent-Disposition: " + mime.FormatMediaType("form-data", params) + "\n\n" + value + "\n")
	}
	b.WriteString("--" + boundary + "--\n")
}
