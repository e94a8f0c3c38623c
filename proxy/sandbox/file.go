package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/presets"
)

// file is the sandbox file as TOML has it.
type file struct {
	Project  fileProject   `toml:"project"`
	Apps     []fileApp     `toml:"app"`
	Accounts []fileAccount `toml:"account"`
}

type fileProject struct {
	ID             string `toml:"id"`
	Name           string `toml:"name"`
	ClientID       string `toml:"client_id"`
	ClientSecret   string `toml:"client_secret"`
	RateLimit      *int   `toml:"rate_limit"`
	RateWindow     string `toml:"rate_window"`
	Timeout        string `toml:"timeout"`
	TokenTTL       string `toml:"token_ttl"`
	MaxRequestBody any    `toml:"max_request_body"` // "32MB", or 0 for no limit
}

type fileApp struct {
	Slug           string    `toml:"slug"`
	Builtin        string    `toml:"builtin"` // a slug of the catalogue, taken over as it is
	Name           string    `toml:"name"`
	AuthType       string    `toml:"auth_type"`
	Description    string    `toml:"description"`
	Categories     []string  `toml:"categories"`
	FeaturedWeight int       `toml:"featured_weight"`
	ProxyEnabled   *bool     `toml:"proxy_enabled"`
	AllowedDomains []string  `toml:"allowed_domains"`
	BaseURL        string    `toml:"base_url"`
	Insert         any       `toml:"insert"` // a table, or a list of them
	OAuth          fileOAuth `toml:"oauth"`
	AllowPrivate   []string  `toml:"allow_private"`
	Fault          fileFault `toml:"fault"`
}

type fileOAuth struct {
	AuthorizeURL string   `toml:"authorize_url"`
	TokenURL     string   `toml:"token_url"`
	ClientID     string   `toml:"client_id"`
	ClientSecret string   `toml:"client_secret"`
	Scopes       []string `toml:"scopes"`
}

type fileAccount struct {
	ID               string            `toml:"id"`
	App              string            `toml:"app"`
	ExternalUserID   string            `toml:"external_user_id"`
	Environment      string            `toml:"environment"`
	Name             string            `toml:"name"`
	Healthy          *bool             `toml:"healthy"`
	Dead             bool              `toml:"dead"`
	Error            string            `toml:"error"`
	ExpiresAt        string            `toml:"expires_at"`
	AuthorizedScopes []string          `toml:"authorized_scopes"`
	Credentials      map[string]string `toml:"credentials"`
	Fault            fileFault         `toml:"fault"`
}

type fileFault struct {
	Status    int     `toml:"status"`
	Body      string  `toml:"body"`
	Delay     string  `toml:"delay"`
	Drop      bool    `toml:"drop"`
	Truncate  int64   `toml:"truncate"`
	Malformed bool    `toml:"malformed"`
	Rate      float64 `toml:"rate"`
}

// keysUnder lists the keys that are valid where one stands.
func keysUnder(key []string) []string {
	var v any = file{}
	switch {
	case slices.Contains(key[:len(key)-1], "fault"):
		v = fileFault{}
	case slices.Contains(key[:len(key)-1], "oauth"):
		v = fileOAuth{}
	case len(key) > 1:
		v = map[string]any{"project": fileProject{}, "app": fileApp{}, "account": fileAccount{}}[key[0]]
	}
	var names []string
	for f := range reflect.TypeOf(v).Fields() {
		names = append(names, f.Tag.Get("toml"))
	}
	return names
}

func (f file) config() (Config, error) {
	var cfg Config
	var err error
	if cfg.Project, err = f.Project.project(); err != nil {
		return cfg, fmt.Errorf("project: %w", err)
	}
	for _, a := range f.Apps {
		app, err := a.app()
		if err != nil {
			return cfg, fmt.Errorf("app %q: %w", cmp.Or(a.Slug, a.Builtin), err)
		}
		cfg.Apps = append(cfg.Apps, app)
	}
	for _, a := range f.Accounts {
		account, err := a.account()
		if err != nil {
			return cfg, fmt.Errorf("account %q: %w", a.ID, err)
		}
		cfg.Accounts = append(cfg.Accounts, account)
	}
	return cfg, cfg.check()
}

func (p fileProject) project() (Project, error) {
	out := Project{
		ID: cmp.Or(p.ID, defaultID), Name: cmp.Or(p.Name, "connectty sandbox"), ClientID: cmp.Or(p.ClientID, defaultClient),
		ClientSecret: p.ClientSecret, RateLimit: defaultRateLimit, MaxRequestBody: defaultMaxBody,
	}
	if p.RateLimit != nil {
		out.RateLimit = *p.RateLimit
	}
	for key, v := range map[string]struct {
		text  string
		to    *time.Duration
		usual time.Duration
	}{
		"rate_window": {p.RateWindow, &out.RateWindow, defaultRateWindow},
		"timeout":     {p.Timeout, &out.Timeout, defaultTimeout},
		"token_ttl":   {p.TokenTTL, &out.TokenTTL, defaultTTL},
	} {
		d, err := duration(v.text, v.usual)
		if err != nil || d <= 0 {
			return out, fmt.Errorf("%s: %q is no time: write 30s, 1m or 1h", key, v.text)
		}
		*v.to = d
	}
	if p.MaxRequestBody != nil {
		n, err := size(p.MaxRequestBody)
		if err != nil {
			return out, fmt.Errorf("max_request_body: %w", err)
		}
		out.MaxRequestBody = n
	}
	return out, nil
}

func duration(text string, usual time.Duration) (time.Duration, error) {
	if text == "" {
		return usual, nil
	}
	return time.ParseDuration(text)
}

// size reads 32MB, or a number of bytes.
func size(v any) (int64, error) {
	if n, ok := v.(int64); ok && n >= 0 {
		return n, nil
	}
	text := fmt.Sprint(v)
	digits, unit := strings.TrimRight(text, "kKMGiB "), 1.0
	switch strings.TrimSpace(strings.TrimPrefix(text, digits)) {
	case "kB", "KB", "KiB":
		unit = 1 << 10
	case "MB", "MiB":
		unit = 1 << 20
	case "GB", "GiB":
		unit = 1 << 30
	case "", "B":
	default:
		digits = ""
	}
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is no size: write 32MB, or 0 for no limit", text)
	}
	return int64(n * unit), nil
}

// takeOver fills in what the catalogue says of a built-in app. What stands beside
// it in the file wins.
func (a *fileApp) takeOver() error {
	if a.Builtin == "" {
		return nil
	}
	catalogue, err := presets.Open("")
	if err != nil {
		return err
	}
	p, ok := catalogue.For(a.Builtin)
	if !ok {
		return fmt.Errorf("builtin: there is no app %q in the catalogue%s", a.Builtin, nearest.Hint(a.Builtin, catalogue.Slugs()))
	}
	// The catalogue's domains go with its base URL only, and only where that is one
	// host: a credential must not reach another customer's.
	if a.AllowedDomains == nil && a.BaseURL == "" && !strings.Contains(p.BaseURL, "{{") {
		a.AllowedDomains = p.AllowedDomains
	}
	a.Slug, a.Name = cmp.Or(a.Slug, a.Builtin), cmp.Or(a.Name, p.Name)
	a.AuthType, a.BaseURL = cmp.Or(a.AuthType, p.AuthType), cmp.Or(a.BaseURL, p.BaseURL)
	if a.Insert == nil {
		a.Insert = insertTables(p.Insert)
	}
	return nil
}

// insertTables is a catalogue's insertion as the file would write it.
func insertTables(list []presets.Insert) any {
	var tables []any
	for _, in := range list {
		table := map[string]any{}
		for key, value := range map[string]string{"header": in.Header, "query": in.Query, "value": in.Value, "path": in.Path} {
			if value != "" {
				table[key] = value
			}
		}
		if in.BasicUser != "" || in.BasicPassword != "" {
			table["basic_user"], table["basic_password"] = in.BasicUser, in.BasicPassword
		}
		tables = append(tables, table)
	}
	return tables
}

func (a *fileApp) app() (App, error) {
	if err := a.takeOver(); err != nil {
		return App{}, err
	}
	out := App{
		Slug: a.Slug, Name: cmp.Or(a.Name, a.Slug), AuthType: cmp.Or(a.AuthType, authKeys), Description: a.Description,
		Categories: a.Categories, FeaturedWeight: a.FeaturedWeight, OAuth: OAuth(a.OAuth),
		ProxyOff: a.ProxyEnabled != nil && !*a.ProxyEnabled, AllowedDomains: a.AllowedDomains, BaseURL: a.BaseURL,
		AllowPrivate: a.AllowPrivate,
	}
	var err error
	if out.Insert, err = inserts(a.Insert); err != nil {
		return out, err
	}
	if !slices.Contains([]string{"oauth", "keys", "none"}, out.AuthType) {
		return out, fmt.Errorf("auth_type: %q is none of oauth, keys, none", out.AuthType)
	}
	out.Fault, err = a.Fault.fault()
	return out, err
}

// insertKeys are the keys of an insert table.
var insertKeys = []string{"header", "value", "query", "basic_user", "basic_password", "path"}

// inserts reads one table or a list of them.
func inserts(v any) ([]Insert, error) {
	var tables []any
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		tables = v
	default:
		tables = []any{v}
	}
	var out []Insert
	for _, t := range tables {
		table, ok := t.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("insert: %v is no table such as { header = \"Authorization\", value = \"Bearer {{access_token}}\" }", t)
		}
		words := map[string]string{}
		for key, value := range table {
			text, isText := value.(string)
			if !slices.Contains(insertKeys, key) || !isText {
				return nil, fmt.Errorf("insert: there is no text %q%s", key, nearest.Hint(key, insertKeys))
			}
			words[key] = text
		}
		if len(words) == 0 {
			continue // {} inserts nothing
		}
		in, err := insert(words)
		if err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}

func insert(words map[string]string) (Insert, error) {
	_, basic := words["basic_user"]
	in := Insert{
		Header: words["header"], Query: words["query"], Value: words["value"], Path: words["path"],
		Basic: basic, BasicUser: words["basic_user"], BasicPassword: words["basic_password"],
	}
	forms := 0
	for _, is := range []bool{in.Header != "", in.Query != "", in.Basic, in.Path != ""} {
		if is {
			forms++
		}
	}
	if forms != 1 || (in.Header != "" || in.Query != "") != (in.Value != "") {
		return in, fmt.Errorf("insert: %s: give one of {header, value}, {query, value}, {basic_user, basic_password}, {path}",
			strings.Join(slices.Sorted(maps.Keys(words)), ", "))
	}
	return in, nil
}

func (f fileFault) fault() (Fault, error) {
	delay, err := duration(f.Delay, 0)
	if err != nil || delay < 0 {
		return Fault{}, fmt.Errorf("fault.delay: %q is no time: write 5s", f.Delay)
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 999) {
		return Fault{}, fmt.Errorf("fault.status: %d is no status of an answer", f.Status)
	}
	if f.Rate < 0 || f.Rate > 1 {
		return Fault{}, fmt.Errorf("fault.rate: %v is no share between 0 and 1", f.Rate)
	}
	return Fault{
		Status: f.Status, Body: f.Body, Delay: delay, Drop: f.Drop, Truncate: f.Truncate, Malformed: f.Malformed, Rate: f.Rate,
	}, nil
}

func (a fileAccount) account() (Account, error) {
	env, err := proxy.ParseEnvironment(a.Environment)
	if err != nil {
		return Account{}, err
	}
	out := Account{
		ID: a.ID, App: a.App, ExternalUserID: a.ExternalUserID, Name: a.Name, Environment: env,
		Unhealthy: a.Healthy != nil && !*a.Healthy, Dead: a.Dead, Error: a.Error, ExpiresAt: a.ExpiresAt,
		AuthorizedScopes: a.AuthorizedScopes, Credentials: a.Credentials,
	}
	out.Fault, err = a.Fault.fault()
	return out, err
}

var (
	projectIDs = regexp.MustCompile(`^proj_[a-zA-Z0-9_]+$`)
	accountIDs = regexp.MustCompile(`^apn_[a-zA-Z0-9_]+$`)
)

// check refuses what cannot be served.
func (c Config) check() error {
	if !projectIDs.MatchString(c.Project.ID) {
		return fmt.Errorf("project.id: %q is no project id; it looks like proj_sandbox", c.Project.ID)
	}
	slugs := map[string]bool{}
	for _, a := range c.Apps {
		switch {
		case a.Slug == "":
			return fmt.Errorf("app %q: slug is missing", a.Name)
		case slugs[a.Slug]:
			return fmt.Errorf("app %q stands there twice", a.Slug)
		}
		slugs[a.Slug] = true
		for _, p := range a.AllowPrivate {
			if _, err := parsePrefix(p); err != nil {
				return fmt.Errorf("app %q: allow_private: %q is no address or network", a.Slug, p)
			}
		}
	}
	ids := map[string]bool{}
	for _, a := range c.Accounts {
		switch {
		case !accountIDs.MatchString(a.ID):
			return fmt.Errorf("account %q: id: it looks like apn_echo1", a.ID)
		case ids[a.ID]:
			return fmt.Errorf("account %q stands there twice", a.ID)
		case !slugs[a.App]:
			return fmt.Errorf("account %q: there is no app %q%s", a.ID, a.App, nearest.Hint(a.App, slices.Sorted(maps.Keys(slugs))))
		case a.Environment != proxy.Development && a.Environment != proxy.Production:
			return fmt.Errorf("account %q: environment: %q is neither development nor production", a.ID, a.Environment)
		case a.ExternalUserID == "":
			return fmt.Errorf("account %q: external_user_id is missing", a.ID)
		}
		ids[a.ID] = true
	}
	return nil
}

// parsePrefix reads an address or a network.
func parsePrefix(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	return netip.ParsePrefix(s)
}
