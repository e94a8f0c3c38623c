package sandbox

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox/vendors"
)

// Config is the sandbox file, read: one project with its apps and accounts.
type Config struct {
	Project  Project
	Apps     []App
	Accounts []Account
	// Vendors stand behind host names: a call to one of them goes to the
	// handler, by way of a loopback listener, instead of the real host.
	Vendors map[string]http.Handler
	// Now is the clock; default time.Now.
	Now func() time.Time
	// Version stands in the User-Agent that upstreams see.
	Version string
	// StateFile keeps what calls change, from run to run; empty: nothing is kept.
	StateFile string
	// Log gets a line for each call; nil for none. It never makes a call wait.
	Log io.Writer
}

// Project is the project that is served, with its OAuth client and limits.
type Project struct {
	ID             string
	Name           string
	ClientID       string
	ClientSecret   string // left empty: a random one per run
	RateLimit      int    // proxied calls a window; 0 for no limit; the file's default is 100
	RateWindow     time.Duration
	Timeout        time.Duration // of an upstream; default 30 s
	TokenTTL       time.Duration // default 1 h
	MaxRequestBody int64         // bytes; 0 for no limit; default 32 MiB
}

// App is one integrated API.
type App struct {
	Slug, Name, AuthType, Description string
	Categories                        []string
	FeaturedWeight                    int // sorts the list of apps
	ProxyOff                          bool
	AllowedDomains                    []string // default: the base URL's host
	BaseURL                           string   // may hold {{custom_fields.x}}
	Insert                            []Insert
	OAuth                             OAuth    // of an app whose AuthType is oauth
	AllowPrivate                      []string // addresses or networks beyond loopback that may be reached
	Fault                             Fault
}

// OAuth is an app's own OAuth client. With an AuthorizeURL the connect page runs
// the code flow; without one it is a consent page itself. With a TokenURL the
// sandbox renews what has expired.
type OAuth struct {
	AuthorizeURL, TokenURL, ClientID string
	ClientSecret                     string // a value, env:NAME or keyring:NAME
	Scopes                           []string
}

// Insert is one way a credential goes into a request: exactly one of the forms
// is set. {{x}} in a template reads the account's credential x.
type Insert struct {
	Header, Query            string // name; Value is its template
	Value                    string
	BasicUser, BasicPassword string // templates
	Basic                    bool
	Path                     string // template of a prefix of the path
}

// Account is one connected account.
type Account struct {
	ID, App, ExternalUserID, Name string
	Environment                   proxy.Environment
	Unhealthy, Dead               bool
	Error, ExpiresAt              string
	AuthorizedScopes              []string
	Credentials                   map[string]string // a value, env:NAME or keyring:NAME
	Fault                         Fault
}

// Fault makes calls fail, for people who test their own integration.
type Fault struct {
	Status    int           // answered in the upstream's place
	Body      string        // of that answer
	Delay     time.Duration // before anything else
	Drop      bool          // the connection ends without an answer
	Truncate  int64         // the answer breaks off after so many bytes; 0 for never
	Malformed bool          // an answer that claims to be JSON and is none
	Rate      float64       // share of the calls it befalls; 0 stands for all
}

// The defaults of a project (connect-api.md, "Limits").
const (
	defaultRateLimit  = 100
	defaultRateWindow = time.Minute
	defaultTimeout    = 30 * time.Second
	defaultTTL        = time.Hour
	defaultMaxBody    = 32 << 20
	defaultID         = "proj_sandbox"
	defaultClient     = "sandbox-client"
)

//go:embed people.csv
var people []byte

// DemoPeople is who the demo's external users are, as a company's own records would
// have it: external user id, name, e-mail address, company; the first line names the
// columns. The caller must not change it.
func DemoPeople() []byte { return people }

//go:embed demo.toml
var demo []byte

// Demo returns the configuration that is served when no file is given: a dozen
// apps, thirty users, and vendors on loopback behind the real host names.
func Demo() (Config, error) {
	cfg, err := ParseConfig("demo.toml", demo)
	if err != nil {
		return Config{}, err
	}
	cfg.Vendors = vendors.All()
	return cfg, nil
}

// ReadConfig reads a sandbox file. Mistakes name file and line.
func ReadConfig(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("sandbox file: %w", err)
	}
	return ParseConfig(path, data)
}

// ParseConfig reads a sandbox file's text; name stands in its errors.
func ParseConfig(name string, data []byte) (Config, error) {
	var f file
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&f); err != nil {
		return Config{}, mistake(name, err)
	}
	cfg, err := f.config()
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", name, err)
	}
	return cfg, nil
}

// mistake adds the line, and the nearest name, to what the TOML reader says.
func mistake(name string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		row, _ := strict.Errors[0].Position()
		key := strict.Errors[0].Key()
		return fmt.Errorf("%s:%d: there is no key %q%s", name, row, strings.Join(key, "."), nearest.Hint(key[len(key)-1], keysUnder(key)))
	}
	if syntax, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := syntax.Position()
		return fmt.Errorf("%s:%d: %s", name, row, strings.TrimPrefix(syntax.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", name, err)
}
