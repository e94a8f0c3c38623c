package presets_test

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/presets"
)

func open(t *testing.T, dir string) *presets.Catalogue {
	t.Helper()
	c, err := presets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Of these apps no harmless call tells whose account it is.
var strangers = []string{"brave_search_api", "google_ads", "google_sheets"}

// Every data file can be read, says what it has to, and leads where its app allows.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	slugs := c.Slugs()
	if len(slugs) < 40 {
		t.Fatalf("only %d presets", len(slugs))
	}
	for _, slug := range slugs {
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("data", slug+".toml"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := presets.Parse(slug, slug, text); err != nil {
				t.Fatal(err)
			}
			p, ok := c.For(slug)
			if !ok || p.Slug != slug || p.Name == "" || p.BaseURL == "" || len(p.AllowedDomains) == 0 || p.Docs == "" {
				t.Errorf("something is missing: %+v", p)
			}
			if p.AuthType != "oauth" && p.AuthType != "keys" {
				t.Errorf("auth_type is %q", p.AuthType)
			}
			relay := slug == "google_ads" // how the relay takes credential and calls is not published
			if !relay && (len(p.Insert) == 0 || len(p.Fields) == 0) {
				t.Error("nothing says where the credential goes")
			}
			if !relay && len(p.Reads) != 5 {
				t.Errorf("%d examples, want 5", len(p.Reads))
			}
			if (p.WhoAmI == nil) != slices.Contains(strangers, slug) {
				t.Errorf("who am I: %+v", p.WhoAmI)
			}
			checkBase(t, p)
			if p.WhoAmI != nil {
				if len(p.Good) == 0 {
					t.Error("nothing says what a good answer is")
				}
				checkCall(t, p, *p.WhoAmI)
			}
			for i, call := range p.Reads {
				checkCall(t, p, call)
				if slices.ContainsFunc(p.Reads[:i], func(c presets.Call) bool { return c.Title == call.Title }) {
					t.Errorf("%q stands there twice", call.Title)
				}
			}
			for _, a := range p.Acts {
				if p.AuthType != "oauth" || len(a.Scopes) == 0 {
					t.Errorf("act %q: %v", a.Name, a.Scopes)
				}
			}
			for _, pattern := range slices.Concat(p.SafePosts, p.WritingGets) {
				if _, err := path.Match(pattern, "/"); err != nil || strings.HasSuffix(pattern, "/") {
					t.Errorf("pattern %s: %v", pattern, err)
				}
			}
		})
	}
}

// checkBase wants the base URL's host among the domains.
func checkBase(t *testing.T, p presets.Preset) {
	t.Helper()
	host, _, _ := strings.Cut(strings.TrimPrefix(p.BaseURL, "https://"), "/")
	_, fixed, templated := strings.Cut(host, "}}")
	if !templated {
		fixed = host
	}
	app := proxy.App{Connect: &proxy.AppConnect{AllowedDomains: p.AllowedDomains}}
	if fixed != "" && !app.Allows(strings.TrimPrefix(fixed, ".")) {
		t.Errorf("base %s is none of %v", p.BaseURL, p.AllowedDomains)
	}
	if app.Relative() || templated != strings.Contains(p.Trap, "the host differs by account") {
		t.Errorf("base %s, trap %q", p.BaseURL, p.Trap)
	}
}

// checkCall wants a harmless call to one of the app's hosts.
func checkCall(t *testing.T, p presets.Preset, call presets.Call) {
	t.Helper()
	u, err := url.Parse(call.URL)
	app := proxy.App{Connect: &proxy.AppConnect{AllowedDomains: p.AllowedDomains, BaseURL: p.BaseURL}}
	switch {
	case err != nil, u.Host == "" && !strings.HasPrefix(call.URL, "/"), u.Host != "" && (u.Scheme != "https" || !app.Allows(u.Host)):
		t.Errorf("%s leads nowhere: %v", call.URL, err)
	case !call.Read, call.Title == "":
		t.Errorf("%s %s: %+v", call.Method, call.URL, call)
	case call.Method == "POST" && p.Writes(call.Method, call.URL) && !strings.HasPrefix(call.Body, `{"query":"{`): // else it is a GraphQL query
		t.Errorf("%s %s is no read", call.Method, call.URL)
	case call.Method != "GET" && call.Method != "POST":
		t.Errorf("%s %s", call.Method, call.URL)
	case call.Body != "" && !json.Valid([]byte(call.Body)):
		t.Errorf("the body of %s is no JSON: %s", call.URL, call.Body)
	}
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	for slug, want := range map[string]string{
		"slack": "slack", "slack_v2": "slack", "gitlab_developer_app": "gitlab", "slack_bot": "slack_bot",
		"nowhere": "", "": "", "../data/slack": "", "SLACK": "",
	} {
		if p, ok := c.For(slug); p.Slug != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v", slug, p.Slug, ok)
		}
	}
	if got := c.Slugs(); !slices.IsSorted(got) || slices.Contains(got, "slack_v2") {
		t.Errorf("got %v", got)
	}
}

// A preset is read when it is asked for, once, and by itself.
func TestLazy(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	c.Slugs()
	if n := c.Parsed(); n != 0 {
		t.Errorf("%d presets were read before one was asked for", n)
	}
	c.For("slack")
	c.For("slack_v2")
	c.For("nowhere")
	if n := c.Parsed(); n != 1 {
		t.Errorf("%d presets were read, want 1", n)
	}
}

// The package does nothing at start.
func TestNoInit(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "\ninit ") {
		t.Fatalf("no trace of package init:\n%s", out)
	}
	if strings.Contains(string(out), "/proxy/presets @") {
		t.Errorf("it has package init:\n%s", out)
	}
}

// Many may ask at once, and append to what they get.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, slug := range c.Slugs() {
				p, _ := c.For(slug)
				_ = append(p.Reads, presets.Call{})
				_ = append(p.Headers, proxy.Field{})
				_ = append(p.Acts, presets.Act{})
				_ = append(p.Fields, "")
			}
		})
	}
	wg.Wait()
}

func TestWrites(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	for _, tt := range []struct {
		slug, method, url string
		want              bool
	}{
		{"slack", "GET", "https://slack.com/api/auth.test", false},
		{"slack", "get", "/api/conversations.list?limit=5", false},
		{"slack", "GET", "/api/chat.postMessage?text=hi", true},
		{"slack", "HEAD", "/api/chat.postMessage", true},
		{"slack", "GET", "/api/chat%2epostMessage", true},
		{"slack", "GET", "//api/chat.postMessage", true}, // a path below the base URL, no host
		{"slack", "GET", "/api/./x/../chat.postmessage#a", true},
		{"slack", "GET", "/api/users.profile.set", true},
		{"slack", "GET", "/api/conversations.setTopic", true},
		{"slack", "GET", "/api/auth.revoke", true},
		{"slack", "GET", "/api/%zz", true}, // who knows
		{"slack", "POST", "/api/chat.postMessage", true},
		{"slack", "POST", "https://slack.com/api/users.list", false},
		{"slack", "POST", "https://files.slack.com/api/users.list", false},
		{"slack", "POST", "https://elsewhere.example/api/users.list", true},
		{"slack", "POST", "/api/users.list/", false},
		{"slack", "POST", "/api/chat.postMessage/../users.list", true},
		{"slack", "POST", "/api/unknown", true},
		{"slack", "DELETE", "/api/auth.test", true},
		{"slack", "PROPFIND", "/api/auth.test", true},
		{"slack", "", "/api/auth.test", true},
		{"hubspot", "POST", "/crm/v3/objects/contacts/search", false},
		{"hubspot", "POST", "/crm/v3/objects/contacts/search/more", true},
		{"hubspot", "POST", "/crm/v3/objects/contacts", true},
		{"notion", "POST", "/v1/databases/abc/query", false},
		{"notion", "PATCH", "/v1/databases/abc", true},
		{"linear_app", "POST", "/graphql", true}, // it may be a mutation
		{"google_sheets", "POST", "/v4/spreadsheets/abc:getByDataFilter", false},
		{"google_sheets", "POST", "/v4/spreadsheets/abc:batchUpdate", true},
		{"dropbox", "POST", "/2/files/list_folder", false},
		{"dropbox", "POST", "/2/files/delete_v2", true},
		{"klaviyo", "POST", "/api/metric-aggregates/", false},
		{"telegram_bot_api", "GET", "/getMe", false},
		{"telegram_bot_api", "POST", "/bot1:a/getMe", false},
		{"telegram_bot_api", "GET", "/bot1:a/sendMessage", true},
		{"telegram_bot_api", "GET", "/SENDMESSAGE?text=a", true},
		{"telegram_bot_api", "GET", "/getUpdates", true},
		{"salesforce_rest_api", "GET", "/services/oauth2/revoke?token=x", true},
		{"zendesk", "OPTIONS", "/api/v2/tickets.json", false},
		{"google_ads", "POST", "/", true},
	} {
		p, ok := c.For(tt.slug)
		if got := p.Writes(tt.method, tt.url); got != tt.want || !ok {
			t.Errorf("%s: %s %s: got %v", tt.slug, tt.method, tt.url, got)
		}
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	for name, tt := range map[string]struct {
		slug    string
		granted []string
		want    string
	}{
		"one of several is enough":    {"slack", []string{"users:read", "groups:read"}, "post a message, read messages"},
		"all there":                   {"slack", []string{"chat:write", "channels:read", "channels:history", "users:read"}, ""},
		"nothing that counts":         {"slack", []string{"team:read"}, "post a message, list channels, read messages, list people"},
		"a wider scope":               {"github", []string{"repo", "user"}, ""},
		"a narrower one":              {"github", []string{"public_repo", "read:org", "user:email", "write:repo_hook"}, "read and write private repositories"},
		"no scopes are told":          {"slack", nil, ""},
		"an empty list tells nothing": {"slack", []string{}, ""},
		"an app of keys":              {"openai", nil, ""},
		"an app without acts":         {"notion", []string{"read_content"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _ := c.For(tt.slug)
			var names []string
			for _, a := range p.Missing(tt.granted) {
				names = append(names, a.Name)
			}
			if got := strings.Join(names, ", "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	free := presets.Preset{Acts: []presets.Act{{Name: "look around"}}}
	if got := free.Missing([]string{"a"}); got != nil {
		t.Errorf("an act without scopes is missing: %v", got)
	}
}

func TestIdentifyAndWorks(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	for _, tt := range []struct{ slug, body, who, why string }{
		{"zendesk", `{"user":{"id":3512,"email":"agent@acme.io","name":"Agent"}}`, "agent@acme.io", ""},
		{"zendesk", `{"user":{"id":null,"name":"Anonymous user","email":null}}`, "Anonymous user", "user.id is null"},
		{"zendesk", `{"error":"Couldn't authenticate you"}`, "", "user.id is missing: Couldn't authenticate you"},
		{"zendesk", `{"error":{"title":"Forbidden","message":"You do not have access"}}`, "", "user.id is missing: You do not have access"},
		{"slack", `{"ok":true,"user":"ada","team":"Acme","user_id":"U1"}`, "ada", ""},
		{"slack", `{"ok":false,"error":"invalid_auth"}`, "", "ok is false: invalid_auth"},
		{"jira", `[{"id":"1","name":"acme"}]`, "acme", ""},
		{"jira", `[]`, "", "0.id is missing"},
		{"salesforce_rest_api", `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, "", "user_id is missing: Session expired or invalid"},
		{"hubspot", `{"portalId":62515}`, "62515", ""},
		{"hubspot", `{"portalId":9007199254740993}`, "9007199254740993", ""},
		{"linear_app", `{"data":null,"errors":[{"message":"Cannot query field"}]}`, "", "data.viewer.id is missing: Cannot query field"},
		{"pipedrive", `{"success":false,"error":"unauthorized access"}`, "", "success is false: unauthorized access"},
		{"openai", `{"object":"list","data":[{"id":"gpt`, "", ""}, // cut, but what counts had come
		{"openai", `{"object":"list","data":[]}`, "", ""},
		{"openai", `{"object":"li`, "", "data is missing"},
		{"openai", `{"error":{"message":"Incorrect API key provided."}}`, "", "data is missing: Incorrect API key provided."},
		{"github", `<html>`, "", "the answer is no JSON"},
		{"github", ``, "", "the answer is no JSON"},
		{"github", `"text"`, "", "id is missing"},
		{"google_sheets", `<html>`, "", ""}, // nothing is asked of it
	} {
		p, found := c.For(tt.slug)
		ok, why := p.Works([]byte(tt.body))
		if who := p.Identify([]byte(tt.body)); who != tt.who || why != tt.why || ok != (tt.why == "") || !found {
			t.Errorf("%s %s: got %q, %v, %q, want %q, %q", tt.slug, tt.body, who, ok, why, tt.who, tt.why)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A file of the user's beats the built-in one, whole.
func TestOwnPresets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "slack.toml", "name = \"My Slack\"\nwho_am_i = { url = \"/api/team.info\" }\n")
	write(t, dir, "internal_api.toml", `
base_url = "https://{{custom_fields.tenant}}.example.com/{{custom_fields.region}}"
insert = [{ header = "X-Key", value = "{{ key }}-{{custom_fields.tenant}}" }, { basic_password = "{{secret}}" }]
fields = ["note"]
headers = { B = "2", A = "1" }
safe_posts = ["/find"]

[who_am_i]
method = "post"
url = "/find"
headers = { C = "3" }
body = "{}"

[[reads]]
title = "things"
url = "/things"
`)
	write(t, dir, "notes.txt", "not a preset")
	if err := os.Mkdir(filepath.Join(dir, "old.toml"), 0o700); err != nil {
		t.Fatal(err)
	}
	c := open(t, dir)
	for _, slug := range []string{"slack", "slack_v2"} {
		if p, ok := c.For(slug); !ok || p.Name != "My Slack" || p.WhoAmI.URL != "/api/team.info" || p.BaseURL != "" {
			t.Errorf("%s: got %+v", slug, p)
		}
	}
	p, ok := c.For("internal_api")
	if !ok || p.Name != "internal_api" || len(p.Reads) != 1 || !p.Reads[0].Read {
		t.Errorf("got %+v", p)
	}
	if want := []string{"tenant", "region", "key", "secret", "note"}; !slices.Equal(p.Fields, want) {
		t.Errorf("fields: got %v, want %v", p.Fields, want)
	}
	if want := []proxy.Field{{Name: "A", Value: "1"}, {Name: "B", Value: "2"}}; !slices.Equal(p.Headers, want) {
		t.Errorf("headers: got %v, want %v", p.Headers, want)
	}
	if w := p.WhoAmI; w == nil || w.Method != "POST" || w.Body != "{}" || !w.Read || len(w.Headers) != 1 {
		t.Errorf("who am I: got %+v", p.WhoAmI)
	}
	if p, ok := c.For("github"); !ok || p.Name != "GitHub" {
		t.Errorf("github: got %+v", p)
	}
	if got := c.Slugs(); !slices.Contains(got, "internal_api") || len(got) != len(open(t, "").Slugs())+1 {
		t.Errorf("got %v", got)
	}
	if _, err := presets.Open(filepath.Join(dir, "nowhere")); err != nil {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// A mistake in a file of the user's names file, line and what may have been meant.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"unknown key":       {"name = \"x\"\nbase_ulr = \"y\"", `mine.toml:2: there is no key "base_ulr"; did you mean "base_url"?`},
		"in a call":         {"who_am_i = {\n  ulr = \"/me\",\n}", `mine.toml:2: there is no key "who_am_i.ulr"; did you mean "url"?`},
		"unknown, below":    {"who_am_i = { url = \"/me\" }\ngod = [\"ok\"]", `mine.toml:2: there is no key "god"; did you mean "good"?`},
		"in an act":         {"[[acts]]\nname = \"a\"\nscope = [\"b\"]", `mine.toml:3: there is no key "acts.scope"; did you mean "scopes"?`},
		"in an insertion":   {"insert = [{ heade = \"a\", value = \"b\" }]", `mine.toml:1: there is no key "insert.heade"; did you mean "header"?`},
		"wrong type":        {"\ngood = \"ok\"", `mine.toml:2: good: `},
		"broken text":       {"name = \"x\nbase_url = 1", `mine.toml:1: `},
		"auth type":         {"name = \"x\"\nauth_type = \"oath\"", `mine.toml:2: auth_type: "oath" is none of oauth, keys, none; did you mean "oauth"?`},
		"no URL":            {"docs = \"example.com\"", `mine.toml:1: docs: "example.com" is no whole URL`},
		"no path":           {"[who_am_i]\nurl = \"me\"", `mine.toml:2: who_am_i: url: "me" is neither a path`},
		"no path at all":    {"\nreads = [\n  { title = \"a\", url = \"/a\" },\n  { title = \"b\" },\n]", `mine.toml:4: reads: url: "" is neither a path`},
		"method":            {"[[reads]]\nurl = \"/a\"\nmethod = \"PSOT\"", `mine.toml:3: reads: method: "PSOT" is none of GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE; did you mean "POST"?`},
		"who am I writes":   {"[who_am_i]\nmethod = \"POST\"\nurl = \"/me\"", `mine.toml:3: who_am_i: the call may write; if it only reads, say read = true`},
		"a read writes":     {"writing_gets = [\"/logout\"]\nreads = [{ url = \"/logout\" }]", `mine.toml:2: reads: the call may write`},
		"two forms":         {"insert = [{ header = \"a\", value = \"b\", path = \"/c\" }]", `mine.toml:1: insert: give one of {header, value}`},
		"half a form":       {"insert = [\n  { header = \"a\" },\n]", `mine.toml:2: insert: give one of {header, value}`},
		"pattern":           {"safe_posts = [\"/a\", \"/b[\"]", `mine.toml:1: safe_posts: "/b[" is no pattern`},
		"act without name":  {"acts = [\n  { scopes = [\"b\"] },\n]", `mine.toml:2: acts: name is missing`},
		"act without words": {"acts = [{}]", `mine.toml:1: acts: name is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "mine.toml", tt.text)
			want := dir + string(filepath.Separator) + tt.want
			if _, err := presets.Open(dir); err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func BenchmarkFor(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := presets.Open("")
		if err != nil {
			b.Fatal(err)
		}
		if _, ok := c.For("slack"); !ok {
			b.Fatal("no slack")
		}
	}
}
