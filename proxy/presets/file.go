package presets

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/proxy"
)

// file is a preset as TOML has it.
type file struct {
	Name           string            `toml:"name"`
	AuthType       string            `toml:"auth_type"`
	BaseURL        string            `toml:"base_url"`
	AllowedDomains []string          `toml:"allowed_domains"`
	Unverified     bool              `toml:"unverified"`
	Docs           string            `toml:"docs"`
	StatusPage     string            `toml:"status_page"`
	Paging         string            `toml:"paging"`
	Trap           string            `toml:"trap"`
	Headers        map[string]string `toml:"headers"`
	Insert         []fileInsert      `toml:"insert"`
	Fields         []string          `toml:"fields"` // beside those of base_url and insert
	WhoAmI         *fileCall         `toml:"who_am_i"`
	Identity       []string          `toml:"identity"`
	Good           []string          `toml:"good"`
	ErrorAt        []string          `toml:"error_at"`
	SafePosts      []string          `toml:"safe_posts"`
	WritingGets    []string          `toml:"writing_gets"`
	Reads          []fileCall        `toml:"reads"`
	Acts           []fileAct         `toml:"acts"`
}

type fileCall struct {
	Title   string            `toml:"title"`
	Method  string            `toml:"method"` // GET where it is left out
	URL     string            `toml:"url"`
	Headers map[string]string `toml:"headers"`
	Body    string            `toml:"body"`
	Read    *bool             `toml:"read"` // left out: as the patterns say
}

type fileAct struct {
	Name   string   `toml:"name"`
	Scopes []string `toml:"scopes"`
}

type fileInsert struct {
	Header        string `toml:"header"`
	Query         string `toml:"query"`
	Value         string `toml:"value"`
	BasicUser     string `toml:"basic_user"`
	BasicPassword string `toml:"basic_password"`
	Path          string `toml:"path"`
}

// source is a file's text, with its name for errors.
type source struct {
	name string
	text []byte
}

func parse(name, slug string, text []byte) (Preset, error) {
	src := source{name, text}
	var f file
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		return Preset{}, src.misread(err)
	}
	if err := f.check(src); err != nil {
		return Preset{}, err
	}
	p := Preset{
		Slug: slug, Name: cmp.Or(f.Name, slug), AuthType: f.AuthType, BaseURL: f.BaseURL, AllowedDomains: slices.Clip(f.AllowedDomains),
		Unverified: f.Unverified, Docs: f.Docs, StatusPage: f.StatusPage, Paging: f.Paging, Trap: f.Trap, Headers: headers(f.Headers),
		Identity: slices.Clip(f.Identity), Good: slices.Clip(f.Good), ErrorAt: slices.Clip(f.ErrorAt),
		SafePosts: slices.Clip(f.SafePosts), WritingGets: slices.Clip(f.WritingGets),
	}
	for _, in := range f.Insert {
		p.Insert = append(p.Insert, Insert(in))
	}
	for _, a := range f.Acts {
		p.Acts = append(p.Acts, Act(a))
	}
	p.Insert, p.Acts, p.Fields = slices.Clip(p.Insert), slices.Clip(p.Acts), f.fields()
	if f.WhoAmI != nil {
		call := f.WhoAmI.call(p)
		call.Title = cmp.Or(call.Title, "who am I")
		if !call.Read { // a sweep asks it of everyone
			return Preset{}, src.mistake("who_am_i", call.URL, "the call may write; if it only reads, say read = true")
		}
		p.WhoAmI = &call
	}
	for _, r := range f.Reads {
		call := r.call(p)
		if !call.Read {
			return Preset{}, src.mistake("reads", call.URL, "the call may write; if it only reads, say read = true")
		}
		p.Reads = append(p.Reads, call)
	}
	p.Reads = slices.Clip(p.Reads)
	return p, nil
}

func headers(m map[string]string) []proxy.Field {
	var out []proxy.Field
	for name, value := range m {
		out = append(out, proxy.Field{Name: name, Value: value})
	}
	slices.SortFunc(out, func(a, b proxy.Field) int { return strings.Compare(a.Name, b.Name) })
	return slices.Clip(out)
}

func (c fileCall) call(p Preset) Call {
	out := Call{Title: c.Title, Method: strings.ToUpper(cmp.Or(c.Method, http.MethodGet)), URL: c.URL, Headers: headers(c.Headers), Body: c.Body}
	out.Read = !p.Writes(out.Method, out.URL)
	if c.Read != nil {
		out.Read = *c.Read
	}
	return out
}

// fields lists what the templates read, each once, and what the file adds.
func (f file) fields() []string {
	names := braced(f.BaseURL)
	for _, in := range f.Insert {
		for _, template := range []string{in.Value, in.BasicUser, in.BasicPassword, in.Path} {
			names = append(names, braced(template)...)
		}
	}
	var out []string
	for _, name := range append(names, f.Fields...) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return slices.Clip(out)
}

// braced lists the fields of a template, {{x}} or {{custom_fields.x}}.
func braced(template string) []string {
	var names []string
	for {
		_, rest, open := strings.Cut(template, "{{")
		name, rest, closed := strings.Cut(rest, "}}")
		if !open || !closed {
			return names
		}
		names = append(names, strings.TrimPrefix(strings.TrimSpace(name), "custom_fields."))
		template = rest
	}
}

// check refuses what would lead nowhere.
func (f file) check(src source) error {
	kinds := []string{"oauth", "keys", "none"}
	if f.AuthType != "" && !slices.Contains(kinds, f.AuthType) {
		return src.mistake("auth_type", f.AuthType, fmt.Sprintf("%q is none of %s%s", f.AuthType, strings.Join(kinds, ", "), nearest.Hint(f.AuthType, kinds)))
	}
	for key, link := range map[string]string{"base_url": f.BaseURL, "docs": f.Docs, "status_page": f.StatusPage} {
		if link != "" && !absolute(link) {
			return src.mistake(key, link, fmt.Sprintf("%q is no whole URL, such as https://api.example.com", link))
		}
	}
	for key, patterns := range map[string][]string{"safe_posts": f.SafePosts, "writing_gets": f.WritingGets} {
		for _, pattern := range patterns {
			if _, err := path.Match(pattern, "/"); err != nil || pattern == "" {
				return src.mistake(key, pattern, fmt.Sprintf("%q is no pattern of a path, such as /api/*.list", pattern))
			}
		}
	}
	for _, in := range f.Insert {
		if !in.sound() {
			return src.mistake("insert", cmp.Or(in.Value, in.Header, in.Query), "give one of {header, value}, {query, value}, {basic_user, basic_password}, {path}")
		}
	}
	for _, a := range f.Acts {
		if a.Name == "" {
			return src.mistake("acts", strings.Join(a.Scopes[:min(1, len(a.Scopes))], ""), "name is missing")
		}
	}
	if f.WhoAmI != nil {
		if err := f.WhoAmI.check(src, "who_am_i"); err != nil {
			return err
		}
	}
	for _, r := range f.Reads {
		if err := r.check(src, "reads"); err != nil {
			return err
		}
	}
	return nil
}

func (c fileCall) check(src source, key string) error {
	if !strings.HasPrefix(c.URL, "/") && !absolute(c.URL) {
		return src.mistake(key, cmp.Or(c.URL, c.Title), fmt.Sprintf("url: %q is neither a path such as /me nor a whole URL", c.URL))
	}
	methods := []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
	if c.Method != "" && !slices.Contains(methods, strings.ToUpper(c.Method)) {
		return src.mistake(key, c.Method, fmt.Sprintf("method: %q is none of %s%s", c.Method, strings.Join(methods, ", "), nearest.Hint(c.Method, methods)))
	}
	return nil
}

// sound reports that exactly one of the forms is there.
func (in fileInsert) sound() bool {
	forms := 0
	for _, is := range []bool{in.Header != "", in.Query != "", in.BasicUser != "" || in.BasicPassword != "", in.Path != ""} {
		if is {
			forms++
		}
	}
	return forms == 1 && (in.Header != "" || in.Query != "") == (in.Value != "")
}

func absolute(link string) bool {
	return strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://")
}

// misread adds the line, and the nearest name, to what the TOML reader says.
func (s source) misread(err error) error {
	if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok && len(strict.Errors) > 0 {
		row, column := strict.Errors[0].Position()
		key := strict.Errors[0].Key()
		if top := s.above(row, column); len(key) == 1 && top != "" {
			key = []string{top, key[0]} // of a table in one line only the last part is told
		}
		return fmt.Errorf("%s:%d: there is no key %q%s", s.name, row, strings.Join(key, "."), nearest.Hint(key[len(key)-1], keysUnder(key)))
	}
	if wrong, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := wrong.Position()
		key := ""
		if len(wrong.Key()) > 0 {
			key = strings.Join(wrong.Key(), ".") + ": "
		}
		return fmt.Errorf("%s:%d: %s%s", s.name, row, key, strings.TrimPrefix(wrong.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", s.name, err)
}

// keysUnder lists the keys that are valid where one stands.
func keysUnder(key []string) []string {
	of := reflect.TypeFor[file]()
	if len(key) > 1 {
		switch key[0] {
		case "who_am_i", "reads":
			of = reflect.TypeFor[fileCall]()
		case "acts":
			of = reflect.TypeFor[fileAct]()
		case "insert":
			of = reflect.TypeFor[fileInsert]()
		}
	}
	var names []string
	for f := range of.Fields() {
		names = append(names, f.Tag.Get("toml"))
	}
	return names
}

// above returns the top-level key within whose table or list a place is; empty at
// the top. Brackets inside texts are counted too: they come in pairs.
func (s source) above(row, column int) string {
	top, depth, n := "", 0, 0
	for line := range strings.Lines(string(s.text)) {
		if n++; n > row {
			break
		}
		if depth == 0 {
			top = ""
			for _, key := range keysUnder(nil) {
				if opens(line, key) {
					top = key
				}
			}
		}
		if n == row {
			line = line[:min(column-1, len(line))]
		}
		depth += strings.Count(line, "{") + strings.Count(line, "[") - strings.Count(line, "}") - strings.Count(line, "]")
	}
	if depth == 0 {
		return ""
	}
	return top
}

// opens reports a line that begins the value or the table of a top-level key.
func opens(line, key string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, "["), key)
	return ok && strings.IndexAny(strings.TrimSpace(rest), "=]") == 0
}

// mistake is an error about a value under a top-level key, with the line of the
// value, else that of the key.
func (s source) mistake(key, value, what string) error {
	n, at := 0, 0
	for line := range strings.Lines(string(s.text)) {
		n++
		if at == 0 && opens(line, key) {
			at = n
		}
		if at > 0 && value != "" && strings.Contains(line, value) {
			at = n
			break
		}
	}
	return fmt.Errorf("%s:%d: %s: %s", s.name, at, key, what)
}
