package proxy

import "testing"

func TestAllows(t *testing.T) {
	t.Parallel()
	app := func(base string, domains ...string) *App {
		return &App{Connect: &AppConnect{AllowedDomains: domains, BaseURL: base}}
	}
	for name, row := range map[string]struct {
		app  *App
		host string
		want bool
	}{
		"the domain":                     {app("", "slack.com"), "slack.com", true},
		"any port":                       {app("", "slack.com"), "slack.com:8443", true},
		"a subdomain":                    {app("", "slack.com"), "files.eu.slack.com", true},
		"upper case, trailing dot":       {app("", "Slack.com."), "FILES.slack.COM.", true},
		"the second entry":               {app("", "a.test", "slack.com"), "slack.com", true},
		"an ending without a dot":        {app("", "slack.com"), "evilslack.com", false},
		"the domain as a subdomain":      {app("", "slack.com"), "slack.com.evil.test", false},
		"the parent of the domain":       {app("", "api.slack.com"), "slack.com", false},
		"no host":                        {app("", "slack.com"), "", false},
		"an empty entry":                 {app("", "", "slack.com"), "evil.test", false},
		"an empty entry and no host":     {app("", "", "slack.com"), "", false},
		"the entry's port":               {app("", "127.0.0.1:8080"), "127.0.0.1:8080", true},
		"another port":                   {app("", "127.0.0.1:8080"), "127.0.0.1:8081", false},
		"no port where one is asked":     {app("", "127.0.0.1:8080"), "127.0.0.1", false},
		"an address":                     {app("", "127.0.0.1"), "127.0.0.1:9", true},
		"a name that ends as an address": {app("", "127.0.0.1"), "x.127.0.0.1", false},
		"an address that ends as a name": {app("", "0.0.1"), "127.0.0.1", false},
		"IPv6":                           {app("", "::1"), "[::1]:80", true},
		"IPv6 with port":                 {app("", "[::1]:80"), "[::1]:80", true},
		"IPv6, another port":             {app("", "[::1]:80"), "[::1]:81", false},
		"the base URL's host":            {app("https://slack.com/api"), "slack.com", true},
		"off the base URL's host":        {app("https://slack.com"), "github.com", false},
		"domains before the base":        {app("https://slack.com", "a.test"), "slack.com", false},
		"fields in the base's path":      {app("https://a.test/{{custom_fields.x}}"), "b.test", false},
		"fields in the base's host":      {app("https://{{custom_fields.x}}.zendesk.com"), "acme.zendesk.com", true},
		"neither domains nor base":       {app(""), "any.test", true},
		"no Connect part":                {&App{}, "any.test", true},
		"no app":                         {nil, "any.test", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := row.app.Allows(row.host); got != row.want {
				t.Errorf("Allows(%q): got %t, want %t", row.host, got, row.want)
			}
		})
	}
}

func TestRelative(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		app  *App
		want bool
	}{
		"fields in the base": {&App{Connect: &AppConnect{BaseURL: "https://{{custom_fields.x}}.zendesk.com"}}, true},
		"a fixed base":       {&App{Connect: &AppConnect{BaseURL: "https://slack.com"}}, false},
		"no Connect part":    {&App{}, false},
		"no app":             {nil, false},
	} {
		if got := row.app.Relative(); got != row.want {
			t.Errorf("%s: got %t, want %t", name, got, row.want)
		}
	}
}
