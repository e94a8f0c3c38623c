package presets

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/proxy"
)

//go:embed data
var data embed.FS

const extension = ".toml"

// aliases are other slugs of the same API.
var aliases = map[string]string{"slack_v2": "slack", "slack_bot": "slack", "gitlab_developer_app": "gitlab"}

// Catalogue is the built-in presets with the user's. A preset is read when it is
// asked for. It is safe for concurrent use.
type Catalogue struct {
	own map[string]Preset

	mu   sync.Mutex
	read map[string]Preset
}

// Open reads the user's presets, one TOML file an app, named after its slug. dir
// may be empty or absent. A preset of the user's takes the place of a built-in one.
// A mistake names file and line.
func Open(dir string) (*Catalogue, error) {
	c := &Catalogue{own: map[string]Preset{}, read: map[string]Preset{}}
	if dir == "" {
		return c, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("presets: %w", err)
	}
	for _, e := range entries {
		slug, ok := strings.CutSuffix(e.Name(), extension)
		if !ok || e.IsDir() {
			continue
		}
		name := filepath.Join(dir, e.Name())
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("presets: %w", err)
		}
		if c.own[slug], err = parse(name, slug, text); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// For returns the preset of a slug.
func (c *Catalogue) For(slug string) (Preset, bool) {
	if p, ok := c.own[slug]; ok {
		return p, true
	}
	if other, ok := aliases[slug]; ok {
		slug = other
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.read[slug]; ok {
		return p, p.Slug != ""
	}
	text, err := data.ReadFile(path.Join("data", slug+extension))
	if err != nil {
		return Preset{}, false
	}
	p, err := parse(slug+extension, slug, text)
	if err != nil {
		p = Preset{} // a test reads them all
	}
	c.read[slug] = p
	return p, p.Slug != ""
}

// Slugs returns the apps of the catalogue, sorted.
func (c *Catalogue) Slugs() []string {
	var slugs []string
	entries, err := data.ReadDir("data")
	if err != nil {
		return nil // it is embedded
	}
	for _, e := range entries {
		slugs = append(slugs, strings.TrimSuffix(e.Name(), extension))
	}
	for slug := range c.own {
		slugs = append(slugs, slug)
	}
	slices.Sort(slugs)
	return slices.Compact(slugs)
}

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
	WhoAmI         *fileCall         `toml:"who_am_i"`
	Identity       []string          `toml:"identity"`
	Good           []string          `toml:"good"`
	Reads          []fileCall        `toml:"read"`
	Acts           []fileAct         `toml:"act"`
	SafePosts      []string          `toml:"safe_posts"`
	WritingGets    []string          `toml:"writing_gets"`
	Insert         []fileInsert      `toml:"insert"`
}

type fileCall struct {
	Title  string `toml:"title"`
	Method string `toml:"method"` // GET where it is left out
	URL    string `toml:"url"`
	Body   string `toml:"body"`
}

type fileAct struct {
	Name   string   `toml:"name"`
	Scopes []string `toml:"scopes"`
}

type fileInsert struct {
	Header        string  `toml:"header"`
	Query         string  `toml:"query"`
	Value         string  `toml:"value"`
	BasicUser     *string `toml:"basic_user"`
	BasicPassword string  `toml:"basic_password"`
	Path          string  `toml:"path"`
}

func parse(name, slug string, text []byte) (Preset, error) {
	var f file
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		return Preset{}, mistake(name, err)
	}
	p := Preset{
		Slug: slug, Name: f.Name, AuthType: f.AuthType, BaseURL: f.BaseURL, AllowedDomains: f.AllowedDomains, Unverified: f.Unverified,
		Docs: f.Docs, StatusPage: f.StatusPage, Paging: f.Paging, Trap: f.Trap, Identity: f.Identity, Good: f.Good,
		SafePosts: f.SafePosts, WritingGets: f.WritingGets,
	}
	for n, v := range f.Headers {
		p.Headers = append(p.Headers, proxy.Field{Name: n, Value: v})
	}
	slices.SortFunc(p.Headers, func(a, b proxy.Field) int { return strings.Compare(a.Name, b.Name) })
	if f.WhoAmI != nil {
		call := f.WhoAmI.call("who am I")
		p.WhoAmI = &call
	}
	for _, r := range f.Reads {
		p.Reads = append(p.Reads, r.call(r.Title))
	}
	for _, a := range f.Acts {
		p.Acts = append(p.Acts, Act(a))
	}
	for _, in := range f.Insert {
		out := Insert{Header: in.Header, Query: in.Query, Value: in.Value, BasicPassword: in.BasicPassword, Path: in.Path}
		if in.BasicUser != nil {
			out.Basic, out.BasicUser = true, *in.BasicUser
		}
		p.Insert = append(p.Insert, out)
	}
	if p.Name == "" {
		return Preset{}, fmt.Errorf("%s: name is missing", name)
	}
	return p, nil
}

// call makes a read call of a file's: what a preset names is harmless.
func (c fileCall) call(title string) Call {
	method := c.Method
	if method == "" {
		method = "GET"
	}
	return Call{Title: title, Method: method, URL: c.URL, Body: c.Body, Read: true}
}

// mistake adds the line, and the nearest name, to what the TOML reader says.
func mistake(name string, err error) error {
	if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok && len(strict.Errors) > 0 {
		row, _ := strict.Errors[0].Position()
		key := strict.Errors[0].Key()
		var names []string
		for f := range reflect.TypeFor[file]().Fields() {
			names = append(names, f.Tag.Get("toml"))
		}
		return fmt.Errorf("%s:%d: there is no key %q%s", name, row, strings.Join(key, "."), nearest.Hint(key[len(key)-1], names))
	}
	if syntax, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := syntax.Position()
		return fmt.Errorf("%s:%d: %s", name, row, strings.TrimPrefix(syntax.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", name, err)
}
