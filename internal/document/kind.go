package document

import (
	"bytes"
	"mime"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Kind is what the bytes are, by Content-Type corrected by a look at them.
type Kind string

// The kinds of body.
const (
	Empty      Kind = "empty"
	JSON       Kind = "JSON" // also lines of JSON, and JSON sequences
	Events     Kind = "events"
	XML        Kind = "XML"
	HTML       Kind = "HTML"
	Form       Kind = "form"
	YAML       Kind = "YAML"
	TOML       Kind = "TOML"
	CSV        Kind = "CSV"
	Markdown   Kind = "Markdown"
	JavaScript Kind = "JavaScript"
	CSS        Kind = "CSS"
	GraphQL    Kind = "GraphQL"
	HTTP       Kind = "HTTP" // header lines, and the text behind them
	Text       Kind = "text"
	Image      Kind = "image" // PNG, JPEG, GIF or WebP
	Binary     Kind = "binary"
)

// Bytes reports what is no text: its pretty view is the hex view.
func (k Kind) Bytes() bool { return k == Image || k == Binary }

// Kinds are those that text can be read as.
func Kinds() []Kind {
	return []Kind{JSON, Events, XML, HTML, Form, YAML, TOML, CSV, Markdown, JavaScript, CSS, GraphQL, HTTP, Text}
}

// sniffed is how many bytes are looked at.
const sniffed = 1024

// kindOf returns the kind of a body that begins with head. The bytes win over
// the media type where they cannot be what it says.
func kindOf(mediaType string, head []byte) Kind {
	if len(head) == 0 {
		return Empty
	}
	head = head[:min(len(head), sniffed)]
	if isImage(head) {
		return Image
	}
	said := declared(mediaType)
	if isBinary(head, said) {
		return Binary
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(bom)), " \t\r\n")
	if len(text) == 0 && len(head) < sniffed {
		return Text // blanks only
	}
	seen := seenAs(text)
	switch said {
	case JSON:
		if seen == "" && !beginsJSON(text, 1) {
			return Text // not even a first token: an error page of something between
		}
		return firstOf(seen, JSON)
	case XML, HTML:
		if seen == JSON {
			return JSON
		}
		return said
	case Form:
		if seen != "" || bytes.ContainsAny(bytes.TrimRight(text, "\r\n"), " \n") {
			return firstOf(seen, Text)
		}
		return Form
	case Text:
		if seen == XML && !bytes.HasPrefix(text, []byte("<?xml")) {
			return Text
		}
		return firstOf(seen, Text)
	case Empty, Image, Binary:
		return firstOf(seen, Text)
	default:
		if seen == JSON && said != Events || seen == HTML {
			return seen
		}
		return said
	}
}

func firstOf(a, b Kind) Kind {
	if a != "" {
		return a
	}
	return b
}

// declared returns the kind a media type names; Empty where it names none.
func declared(mediaType string) Kind {
	t, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		t, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
		t = strings.TrimSpace(t)
	}
	main, sub, _ := strings.Cut(t, "/")
	sub = strings.TrimPrefix(sub, "x-")
	switch {
	case strings.HasSuffix(sub, "json"), strings.Contains(sub, "json-seq"), strings.HasSuffix(sub, "jsonl"), strings.HasSuffix(sub, "jsonlines"):
		return JSON
	case sub == "html", sub == "xhtml+xml":
		return HTML
	case sub == "xml", strings.HasSuffix(sub, "+xml"):
		return XML
	case language(sub) != Empty:
		return language(sub)
	case main == "text":
		return Text
	case main == "image", main == "audio", main == "video", main == "font", sub == "octet-stream", sub == "zip", sub == "pdf":
		return Binary
	default:
		return Empty
	}
}

// language returns the kind that the second half of a media type names, without a leading
// x-; Empty for none.
func language(sub string) Kind {
	switch sub {
	case "www-form-urlencoded":
		return Form
	case "event-stream":
		return Events
	case "yaml":
		return YAML
	case "toml":
		return TOML
	case "csv", "tab-separated-values":
		return CSV
	case "markdown":
		return Markdown
	case "javascript", "ecmascript", "typescript":
		return JavaScript
	case "css":
		return CSS
	case "graphql":
		return GraphQL
	case "http":
		return HTTP
	}
	return Empty
}

// MediaTypeOf returns the media type that the ending of a file's name stands for, also
// where the system does not know it; empty for one that nobody knows. It has no charset:
// a name does not tell it.
func MediaTypeOf(name string) string {
	ending := strings.ToLower(filepath.Ext(name))
	switch ending {
	case ".ndjson", ".jsonl":
		return "application/x-ndjson"
	case ".har", ".ipynb", ".geojson":
		return "application/json"
	case ".yaml", ".yml":
		return "application/yaml"
	case ".toml":
		return "application/toml"
	case ".csv":
		return "text/csv"
	case ".tsv":
		return "text/tab-separated-values"
	case ".md", ".markdown":
		return "text/markdown"
	case ".graphql", ".gql":
		return "application/graphql"
	case ".http", ".rest":
		return "message/http"
	case ".ts":
		return "application/typescript"
	case ".sse":
		return "text/event-stream"
	}
	bare, _, _ := strings.Cut(mime.TypeByExtension(ending), ";")
	return bare
}

// isBinary looks for bytes that text does not have. Few invalid characters are
// let pass in what calls itself text: it may be in an old encoding.
func isBinary(head []byte, said Kind) bool {
	wrong := 0
	for i := 0; i < len(head); {
		if c := head[i]; c < utf8.RuneSelf {
			if c < 0x20 && !bytes.ContainsRune([]byte("\t\n\v\f\r\b\a\x1b\x1e"), rune(c)) {
				return true
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 && utf8.FullRune(head[i:]) {
			wrong++
		}
		i += n
	}
	if said == Empty || said == Binary {
		return wrong*20 > len(head)
	}
	return wrong*3 > len(head)
}

// seenAs returns the kind the bytes show beyond doubt; "" where they do not.
func seenAs(text []byte) Kind {
	if len(text) == 0 {
		return ""
	}
	switch text[0] {
	case '{', '[':
		if beginsJSON(text, len(text)) {
			return JSON
		}
	case ':', 'd', 'e', 'i', 'r':
		if beginsEvents(text) {
			return Events
		}
	case '<':
		low := bytes.ToLower(text[:min(len(text), 64)])
		switch {
		case bytes.HasPrefix(low, []byte("<!doctype html")), bytes.HasPrefix(low, []byte("<html")):
			return HTML
		case len(low) > 1 && (low[1] == '?' || low[1] == '!' || isNameByte(low[1])):
			return XML
		}
	}
	return ""
}

// beginsJSON reports whether the first tokens of text, the first bytes of a body,
// are JSON.
func beginsJSON(text []byte, tokens int) bool {
	var lex jsonLexer
	for n := 0; len(text) > 0 && n < tokens; n++ {
		t := lex.next(text)
		if lex.mode == inRest {
			return false
		}
		text = text[t.len():]
	}
	return true
}
