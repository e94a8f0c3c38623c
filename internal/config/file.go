package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/connectty/connectty/internal/lookup"
	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/proxy"
)

// FileError is a mistake in config.toml.
type FileError struct {
	Path string
	Line int    // 0 where it is not known
	Text string // what is wrong, and the nearest valid name where one is near
}

// Error names file, line and mistake.
func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Path, e.Text)
	}
	return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Text)
}

// file is config.toml as TOML has it.
type file struct {
	Theme    string                 `toml:"theme"`
	Profile  string                 `toml:"profile"`
	History  fileHistory            `toml:"history"`
	Keys     map[string][]string    `toml:"keys"`
	Profiles map[string]fileProfile `toml:"-"`
}

type fileHistory struct {
	Retention        string   `toml:"retention"`
	MaxSize          string   `toml:"max_size"`
	MaxBody          string   `toml:"max_body"`
	Bodies           string   `toml:"bodies"`
	ProductionBodies string   `toml:"production_bodies"`
	RedactNames      []string `toml:"redact_names"`
	RedactPatterns   []string `toml:"redact_patterns"`
}

type fileProfile struct {
	ProjectID    string  `toml:"project_id"`
	Environment  string  `toml:"environment"`
	BaseURL      string  `toml:"base_url"`
	ClientID     string  `toml:"client_id"`
	ClientSecret string  `toml:"client_secret"`
	AccessToken  string  `toml:"access_token"`
	CAFile       string  `toml:"ca_file"`
	ReadOnly     bool    `toml:"read_only"`
	Sandbox      bool    `toml:"sandbox"`
	Color        string  `toml:"color"`
	RateLimit    int     `toml:"rate_limit"`
	RateWindow   string  `toml:"rate_window"`
	BudgetShare  float64 `toml:"budget_share"`
	Lookup       string  `toml:"lookup"`
}

// document is the file's outline. A profile table and the name of the one in use
// share the key "profile": in the file it is a word, [profile.NAME] a table.
type document struct {
	Theme   string              `toml:"theme"`
	Profile any                 `toml:"profile"`
	History fileHistory         `toml:"history"`
	Keys    map[string][]string `toml:"keys"`
}

// Load reads config.toml; a file that is not there is all defaults. A [*FileError]
// names file, line and the nearest valid name.
func Load(in Inputs) (*Settings, error) {
	path := in.ConfigPath()
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && in.getenv("CONNECTTY_CONFIG") == "" {
		return parse("", nil)
	}
	if err != nil {
		return nil, &FileError{Path: path, Text: "cannot be read: " + reason(err)}
	}
	s, err := parse(path, data)
	if err != nil {
		return nil, err
	}
	return s, s.refuseOpenSecrets(path)
}

func reason(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}

func parse(path string, data []byte) (*Settings, error) {
	f, err := decode(path, data)
	if err != nil {
		return nil, err
	}
	s := &Settings{Path: path, Theme: cmp.Or(f.Theme, "auto"), Profile: f.Profile, Keys: f.Keys, Profiles: map[string]Profile{}}
	at := finder{path: path, data: data}
	s.at = at
	if s.History, err = f.History.settings(at); err != nil {
		return nil, err
	}
	for name, p := range f.Profiles {
		if s.Profiles[name], err = p.profile(name, at); err != nil {
			return nil, err
		}
	}
	if _, known := s.Profiles[s.Profile]; s.Profile != "" && !known {
		return nil, at.mistake("profile", s.unknownProfile(s.Profile).Error())
	}
	return s, nil
}

// decode reads the TOML. The word `profile = "acme"` and the tables
// [profile.acme] cannot stand in one TOML document, so the word is read apart
// and then blanked, its line kept for the numbers.
func decode(path string, data []byte) (file, error) {
	word, rest := cutProfileWord(data)
	type tables struct {
		Theme   string                 `toml:"theme"`
		History fileHistory            `toml:"history"`
		Keys    map[string][]string    `toml:"keys"`
		Profile map[string]fileProfile `toml:"profile"`
	}
	var t tables
	if err := toml.NewDecoder(bytes.NewReader(rest)).DisallowUnknownFields().Decode(&t); err != nil {
		return file{}, fileError(path, err)
	}
	return file{Theme: t.Theme, Profile: word, History: t.History, Keys: t.Keys, Profiles: t.Profile}, nil
}

// cutProfileWord takes the line `profile = "…"` out of the file's head.
func cutProfileWord(data []byte) (word string, rest []byte) {
	lines := bytes.Split(data, []byte("\n"))
	for i, line := range lines {
		text := strings.TrimSpace(string(line))
		if strings.HasPrefix(text, "[") {
			break
		}
		name, _, ok := strings.Cut(text, "=")
		if !ok || strings.TrimSpace(name) != "profile" {
			continue
		}
		var v struct {
			Profile string `toml:"profile"`
		}
		if toml.Unmarshal(line, &v) == nil {
			lines[i] = nil
			return v.Profile, bytes.Join(lines, []byte("\n"))
		}
	}
	return "", data
}

// fileError adds the place, and the nearest name, to what the TOML reader says.
func fileError(path string, err error) *FileError {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		row, _ := strict.Errors[0].Position()
		key := strict.Errors[0].Key()
		last := key[len(key)-1]
		return &FileError{Path: path, Line: row, Text: fmt.Sprintf("there is no setting %q%s", strings.Join(key, "."), nearest.Hint(last, settingNames(key)))}
	}
	if syntax, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := syntax.Position()
		return &FileError{Path: path, Line: row, Text: plainWords(syntax)}
	}
	return &FileError{Path: path, Text: err.Error()}
}

// mismatch is how the TOML reader tells of a value of another type.
var mismatch = regexp.MustCompile(`cannot (?:decode|store) (?:a )?TOML (.+?) into .* of type (\S+)`)

// kinds are Go's types in a user's words.
var kinds = map[string]string{
	"string": "a text in quotes", "bool": "true or false", "int": "a whole number", "float64": "a number", "[]string": "a list of texts",
}

// plainWords tells what is wrong without naming anything of Go.
func plainWords(e *toml.DecodeError) string {
	text := strings.TrimPrefix(e.Error(), "toml: ")
	m := mismatch.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	wanted, known := kinds[m[2]]
	if !known {
		wanted = "something else"
	}
	return fmt.Sprintf("%q is of the wrong type: it is to be %s, not of type %s", strings.Join(e.Key(), "."), wanted, m[1])
}

// settingNames lists the names that are valid where a key stands.
func settingNames(key []string) []string {
	switch {
	case len(key) > 1 && key[0] == "history":
		return tags(fileHistory{})
	case len(key) > 1 && key[0] == "profile":
		return tags(fileProfile{})
	}
	return tags(document{})
}

func tags(v any) []string {
	var names []string
	for f := range reflect.TypeOf(v).Fields() {
		names = append(names, f.Tag.Get("toml"))
	}
	return names
}

// finder tells on which line of the file a key stands.
type finder struct {
	path string
	data []byte
}

// mistake returns an error at the first line that begins with the key, in the
// table that path names, as in profile.acme.environment.
func (f finder) mistake(path, text string) *FileError {
	table, key := "", path
	if id, ok := strings.CutPrefix(path, "keys."); ok {
		table, key = "keys", id // an action's id holds dots
	} else if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		table, key = path[:dot], path[dot+1:]
	}
	current := ""
	for i, line := range strings.Split(string(f.data), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			current = strings.Trim(strings.SplitN(line, "#", 2)[0], "[] \t")
		}
		name, _, ok := strings.Cut(line, "=")
		if ok && current == table && strings.Trim(strings.TrimSpace(name), `"'`) == key {
			return &FileError{Path: f.path, Line: i + 1, Text: text}
		}
	}
	return &FileError{Path: f.path, Text: text}
}

func (h fileHistory) settings(at finder) (History, error) {
	out := History{MaxBody: 4 << 20, MaxSize: 2e9, Retention: 400 * day}
	var err error
	if h.Retention != "" {
		if out.Retention, err = parseDuration(h.Retention); err != nil {
			return out, at.mistake("history.retention", err.Error())
		}
	}
	for key, v := range map[string]struct {
		text string
		to   *int64
	}{"max_size": {h.MaxSize, &out.MaxSize}, "max_body": {h.MaxBody, &out.MaxBody}} {
		if v.text == "" {
			continue
		}
		if *v.to, err = ParseSize(v.text); err != nil {
			return out, at.mistake("history."+key, err.Error())
		}
	}
	out.Bodies, out.ProductionBodies = cmp.Or(h.Bodies, "full"), cmp.Or(h.ProductionBodies, "redacted")
	for key, v := range map[string]string{"bodies": out.Bodies, "production_bodies": out.ProductionBodies} {
		words := []string{"full", "redacted", "none"}
		if !slices.Contains(words, v) {
			return out, at.mistake("history."+key, fmt.Sprintf("%q is none of full, redacted, none%s", v, nearest.Hint(v, words)))
		}
	}
	return out, h.redact(&out, at)
}

// redact reads the person's rules of what is secret.
func (h fileHistory) redact(out *History, at finder) error {
	for _, name := range h.RedactNames {
		if strings.Trim(name, " -_.[]") == "" {
			return at.mistake("history.redact_names", fmt.Sprintf("%q is no name of a header, a parameter or a field", name))
		}
	}
	out.RedactNames = h.RedactNames
	for _, text := range h.RedactPatterns {
		pattern, err := regexp.Compile(text)
		if err != nil {
			return at.mistake("history.redact_patterns", fmt.Sprintf("%q is no regular expression: %s", text, strings.TrimPrefix(err.Error(), "error parsing regexp: ")))
		}
		if pattern.MatchString("") {
			return at.mistake("history.redact_patterns", fmt.Sprintf("%q matches nothing at all, too, so it says nothing", text))
		}
		out.RedactPatterns = append(out.RedactPatterns, pattern)
	}
	return nil
}

func (p fileProfile) profile(name string, at finder) (Profile, error) {
	key := func(k string) string { return "profile." + name + "." + k }
	out := Profile{
		Name: name, ProjectID: p.ProjectID, BaseURL: cmp.Or(p.BaseURL, proxy.DefaultBaseURL), ClientID: p.ClientID,
		ClientSecret: Secret{p.ClientSecret}, AccessToken: Secret{p.AccessToken}, CAFile: p.CAFile, ReadOnly: p.ReadOnly, Sandbox: p.Sandbox,
		RateLimit: p.RateLimit, BudgetShare: cmp.Or(p.BudgetShare, DefaultBudgetShare), RateWindow: DefaultRateWindow,
	}
	env, err := proxy.ParseEnvironment(p.Environment)
	if err != nil {
		return out, at.mistake(key("environment"), fmt.Sprintf("%q is no environment: development or production", p.Environment))
	}
	out.Environment = env
	if out.Color, err = parseColor(p.Color); err != nil {
		return out, at.mistake(key("color"), err.Error())
	}
	if p.RateWindow != "" {
		if out.RateWindow, err = parseDuration(p.RateWindow); err != nil || out.RateWindow <= 0 {
			return out, at.mistake(key("rate_window"), fmt.Sprintf("%q is no time: write 1m, 30s or 5m", p.RateWindow))
		}
	}
	if p.Lookup != "" {
		if out.Lookup, err = lookup.Parse(p.Lookup, filepath.Dir(at.path)); err != nil {
			return out, at.mistake(key("lookup"), "lookup: "+err.Error())
		}
	}
	if out.RateLimit < 0 || out.BudgetShare < 0 || out.BudgetShare > 1 {
		return out, at.mistake(key("rate_limit"), "rate_limit is 0 or more, budget_share between 0 and 1")
	}
	if out.RateLimit == 0 {
		out.RateLimit, out.RateLimitAssumed = DefaultRateLimit, true
	}
	return out, nil
}

// refuseOpenSecrets refuses a secret in clear text that others can read.
func (s *Settings) refuseOpenSecrets(path string) error {
	if runtime.GOOS == "windows" {
		return nil // permission bits say nothing there
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return nil //nolint:nilerr // the file was just read
	}
	for name, p := range s.Profiles {
		if p.ClientSecret.clear() || p.AccessToken.clear() {
			return &FileError{Path: path, Text: fmt.Sprintf(
				"profile %q holds a secret in clear text, and others can read the file (mode %04o); run chmod 600 %s, or write env:NAME, keyring:NAME or command:LINE in its place",
				name, info.Mode().Perm(), path)}
		}
	}
	return nil
}

const day = 24 * time.Hour
