package presets_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
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

// Every preset can be read, and its calls go where the app allows.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	slugs := c.Slugs()
	if len(slugs) < 40 {
		t.Fatalf("only %d presets", len(slugs))
	}
	for _, slug := range slugs {
		p, ok := c.For(slug)
		if !ok {
			t.Errorf("%s: cannot be read", slug)
			continue
		}
		if p.Slug != slug || p.BaseURL == "" || len(p.AllowedDomains) == 0 || p.Docs == "" || len(p.Insert) == 0 || p.AuthType != "oauth" && p.AuthType != "keys" {
			t.Errorf("%s: something is missing: %+v", slug, p)
		}
		app := proxy.App{Connect: &proxy.AppConnect{AllowedDomains: p.AllowedDomains, BaseURL: p.BaseURL}}
		calls := p.Reads
		if p.WhoAmI != nil {
			calls = append(calls, *p.WhoAmI)
		}
		for _, call := range calls {
			u, err := url.Parse(call.URL)
			switch {
			case err != nil, u.Host == "" && !strings.HasPrefix(call.URL, "/"), u.Host != "" && !app.Allows(u.Host):
				t.Errorf("%s: %s leads nowhere", slug, call.URL)
			case !call.Read, p.Writes(call.Method, call.URL) && (p.WhoAmI == nil || call.URL != p.WhoAmI.URL):
				t.Errorf("%s: %s %s is no read", slug, call.Method, call.URL)
			case call.Body != "" && !json.Valid([]byte(call.Body)):
				t.Errorf("%s: the body of %s is no JSON", slug, call.URL)
			}
		}
		for _, pattern := range append(p.SafePosts, p.WritingGets...) {
			if _, err := path.Match(pattern, "/"); err != nil || !strings.HasPrefix(pattern, "/") {
				t.Errorf("%s: pattern %s: %v", slug, pattern, err)
			}
		}
	}
	if _, ok := c.For("nowhere"); ok {
		t.Error("an unknown app has a preset")
	}
	if p, ok := c.For("slack_v2"); !ok || p.Slug != "slack" {
		t.Errorf("slack_v2 is %+v", p)
	}
}

func TestWrites(t *testing.T) {
	t.Parallel()
	slack, _ := open(t, "").For("slack")
	for call, want := range map[string]bool{
		"GET https://slack.com/api/auth.test": false, "GET /api/chat.postMessage?text=hi": true, "POST /api/chat.postMessage": true,
		"POST https://slack.com/api/users.list": false, "DELETE /api/auth.test": true, "HEAD /x": false, "POST /api/unknown": true,
	} {
		method, at, _ := strings.Cut(call, " ")
		if got := slack.Writes(method, at); got != want {
			t.Errorf("%s: got %v", call, got)
		}
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	slack, _ := open(t, "").For("slack")
	var names []string
	for _, a := range slack.Missing([]string{"users:read", "groups:read"}) {
		names = append(names, a.Name)
	}
	if got := strings.Join(names, ", "); got != "post a message, read messages" {
		t.Errorf("got %s", got)
	}
	if got := slack.Missing(nil); got != nil {
		t.Errorf("without a list of scopes nothing is known, and it says %v", got)
	}
}

func TestIdentifyAndWorks(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	for _, tt := range []struct {
		app, body, who string
		ok             bool
	}{
		{"zendesk", `{"user":{"id":3512,"email":"agent@acme.io"}}`, "agent@acme.io", true},
		{"zendesk", `{"user":{"id":null,"name":"Anonymous user"}}`, "Anonymous user", false},
		{"jira", `[{"id":"1","name":"acme"}]`, "acme", true},
		{"jira", `[]`, "", false},
		{"slack", `{"ok":false,"error":"invalid_auth"}`, "", false},
		{"hubspot", `{"portalId":62515}`, "62515", true},
		{"github", `<html>`, "", false},
	} {
		p, _ := c.For(tt.app)
		ok, why := p.Works([]byte(tt.body))
		if who := p.Identify([]byte(tt.body)); who != tt.who || ok != tt.ok || ok != (why == "") {
			t.Errorf("%s %s: got %q, %v, %q", tt.app, tt.body, who, ok, why)
		}
	}
}

// A file of the user's beats the built-in one; a mistake in it names its place.
func TestOwnPresets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("slack.toml", "name = \"My Slack\"\n[who_am_i]\nurl = \"/api/team.info\"\n")
	write("internal_api.toml", "name = \"Ours\"\n")
	c := open(t, dir)
	if p, ok := c.For("slack"); !ok || p.Name != "My Slack" || p.WhoAmI.URL != "/api/team.info" {
		t.Errorf("got %+v", p)
	}
	if _, ok := c.For("internal_api"); !ok {
		t.Error("a new app's preset is not there")
	}
	write("broken.toml", "name = \"x\"\nbase_ulr = \"y\"\n")
	if _, err := presets.Open(dir); err == nil || !strings.Contains(err.Error(), `broken.toml:2: there is no key "base_ulr"; did you mean "base_url"?`) {
		t.Errorf("got %v", err)
	}
	if _, err := presets.Open(filepath.Join(dir, "nowhere")); err != nil {
		t.Errorf("a folder that is not there: %v", err)
	}
}
