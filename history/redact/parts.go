package redact

import (
	"mime"
	"strings"
)

// parts masks a body of several parts, each by its name and media type; false for
// another body.
func (m *Masker) parts(mediaType, text string) (string, bool) {
	boundary := boundaryOf(mediaType, text)
	if boundary == "" || m.nested == deepest {
		return text, false
	}
	m.nested++
	defer func() { m.nested-- }()
	pieces := strings.Split(text, "--"+boundary)
	for i, piece := range pieces {
		pieces[i] = m.part(piece)
	}
	return strings.Join(pieces, "--"+boundary), true
}

// boundaryOf is what stands between the parts; empty where there are none.
func boundaryOf(mediaType, text string) string {
	if kind, params, err := mime.ParseMediaType(mediaType); err == nil && strings.HasPrefix(kind, "multipart/") && strings.Contains(text, "--"+params["boundary"]) {
		return params["boundary"]
	}
	first, rest, _ := strings.Cut(text, "\n") // the media type is not known
	boundary, marked := strings.CutPrefix(strings.TrimRight(first, "\r"), "--")
	if !marked || !strings.HasPrefix(strings.ToLower(rest), "content-") {
		return ""
	}
	return boundary
}

// part masks one part, its head included.
func (m *Masker) part(piece string) string {
	for _, blank := range []string{"\r\n\r\n", "\n\n"} {
		head, content, ok := strings.Cut(piece, blank)
		if !ok {
			continue
		}
		content, end := trimEnd(content)
		name, mediaType := headOf(head)
		if c := m.class(name); c.hides(content) {
			m.hear(content)
			content = Mask
		} else {
			content = m.body(mediaType, content)
		}
		head, _ = m.Text(head)
		return head + blank + content + end
	}
	masked, _ := m.Text(piece)
	return masked
}

// trimEnd takes the line's end off that belongs to the boundary.
func trimEnd(content string) (text, end string) {
	for _, end := range []string{"\r\n", "\n"} {
		if text, ok := strings.CutSuffix(content, end); ok {
			return text, end
		}
	}
	return content, ""
}

// headOf is the name of a part, and its media type.
func headOf(head string) (name, mediaType string) {
	for line := range strings.SplitSeq(head, "\n") {
		field, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch strings.ToLower(field) {
		case "content-disposition":
			if _, params, err := mime.ParseMediaType(value); err == nil {
				name = params["name"]
			}
		case "content-type":
			mediaType = strings.TrimSpace(value)
		}
	}
	return name, mediaType
}
