package export

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
)

// Curl is a call as a command for a shell. {{name}} in URL, Secret and Basic stands
// for a value that the reader has: in the command it is the variable $NAME.
type Curl struct {
	Method, URL string
	Secret      []proxy.Field
	Basic       string // user:password; empty for none
	Headers     []proxy.Field
	Body        []byte
	File        string // path of a file that is the body; "-" for standard input
	Parts       []Part // of a multipart form
	Quiet       bool   // shows the answer and errors, and no progress
	Token       string // variable whose value is a bearer token; empty for none
}

// Part is one field of a multipart form.
type Part struct {
	Name, Value string
	File        bool // Value is a path
}

// longArgument is the longest body that stands in the command itself.
const longArgument = 32 << 10

// String returns the command, one argument a line.
func (c Curl) String() string {
	method := strings.ToUpper(c.Method)
	hasBody := len(c.Body) > 0 || c.File != "" || len(c.Parts) > 0
	first := "curl "
	if c.Quiet {
		first += "-sS "
	}
	switch {
	case method == "HEAD":
		first += "--head "
	case method != "GET" || hasBody:
		first += "-X " + word(method) + " "
	}
	args := []string{first + filled(c.URL)}
	if c.Basic != "" {
		args = append(args, "-u "+filled(c.Basic))
	}
	if c.Token != "" {
		args = append(args, `-H "Authorization: Bearer $`+c.Token+`"`)
	}
	for _, h := range c.Secret {
		args = append(args, "-H "+filled(h.Name+": "+h.Value))
	}
	for _, h := range c.Headers {
		args = append(args, "-H "+word(header(h)))
	}
	if (len(c.Body) > 0 || c.File != "") && history.MediaType(slices.Concat(c.Secret, c.Headers)) == "" {
		args = append(args, "-H 'Content-Type:'") // curl would call it a form
	}
	return strings.Join(append(args, c.body()...), " \\\n  ")
}

// header writes a header as curl reads it: an empty one with a semicolon.
func header(h proxy.Field) string {
	if h.Value == "" {
		return h.Name + ";"
	}
	return h.Name + ": " + h.Value
}

func (c Curl) body() []string {
	switch {
	case c.File != "":
		return []string{"--data-binary " + word("@"+c.File)}
	case len(c.Body) > longArgument:
		return []string{fmt.Sprintf("--data-binary @body # save the body's %d bytes as the file body", len(c.Body))}
	case len(c.Body) > 0:
		return []string{"--data-raw " + word(string(c.Body))}
	}
	var args []string
	for _, p := range c.Parts {
		switch {
		case p.File:
			args = append(args, "-F "+word(p.Name+"=@"+`"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(p.Value)+`"`))
		default:
			args = append(args, "--form-string "+word(p.Name+"="+p.Value))
		}
	}
	return args
}

// word is a text as one word of a shell. What a terminal would obey is written as
// an escape.
func word(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	if shown := blanks.Replace(s); utf8.ValidString(s) && visible.Line(shown) == shown {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch shown := visible.Rune(r); {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == utf8.RuneError && n == 1, r == '\t', shown != string(r):
			for _, c := range []byte(s[:n]) {
				fmt.Fprintf(&b, `\x%02x`, c)
			}
		default:
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String() + "'"
}

// blanks are what a text in quotes may hold of what is no letter.
var blanks = strings.NewReplacer("\n", "", "\t", "")

// plain reports a character that a shell takes as it is.
func plain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@%+,", r)
}

var (
	placeholder = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	noVariable  = regexp.MustCompile(`[^A-Z0-9_]+`)
)

// unquotable is what does not stand in double quotes as it is.
const unquotable = "\"\\`$!"

// filled is a word, with variables in the place of {{name}}.
func filled(s string) string {
	places := placeholder.FindAllStringSubmatchIndex(s, -1)
	if len(places) == 0 {
		return word(s)
	}
	literal := placeholder.ReplaceAllString(s, "")
	together := !strings.ContainsAny(literal, unquotable) && visible.Line(literal) == literal
	var b strings.Builder
	at := 0
	for _, p := range places {
		name := "$" + variable(s[p[2]:p[3]])
		if together && p[1] < len(s) && noVariable.FindString(strings.ToUpper(s[p[1]:p[1]+1])) == "" {
			name = "${" + name[1:] + "}" // what follows would belong to the name
		}
		if together {
			b.WriteString(s[at:p[0]] + name)
		} else {
			b.WriteString(piece(s[at:p[0]]) + `"` + name + `"`)
		}
		at = p[1]
	}
	if together {
		return `"` + b.String() + s[at:] + `"`
	}
	return b.String() + piece(s[at:])
}

func piece(s string) string {
	if s == "" {
		return ""
	}
	return word(s)
}

// variable is a field's name as that of a variable.
func variable(name string) string {
	name = strings.ToUpper(strings.TrimPrefix(name, "custom_fields."))
	name = strings.Trim(noVariable.ReplaceAllString(name, "_"), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return "VALUE" + name
	}
	return name
}
