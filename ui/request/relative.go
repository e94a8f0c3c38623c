package request

import (
	"regexp"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// fields are the places of a base URL that differ by account.
var fields = regexp.MustCompile(`\{\{[^{}]*\}\}`)

// base is the app's base URL as people read it: {{subdomain}} without what the
// field is one of. It is empty where none is known.
func base(app *proxy.App) string {
	if app == nil || app.Connect == nil {
		return ""
	}
	return strings.ReplaceAll(strings.TrimSuffix(app.Connect.BaseURL, "/"), "{{custom_fields.", "{{")
}

// below returns a URL as a path below the app's base; false where it lies
// elsewhere, or is a path already.
func below(app *proxy.App, url string) (path string, ok bool) {
	from := base(app)
	if from == "" || strings.HasPrefix(url, "/") {
		return "", false
	}
	var pattern strings.Builder
	at := 0
	for _, place := range fields.FindAllStringIndex(from, -1) {
		pattern.WriteString(regexp.QuoteMeta(from[at:place[0]]) + `[^/?#@]+`)
		at = place[1]
	}
	pattern.WriteString(regexp.QuoteMeta(from[at:]))
	whole, err := regexp.Compile(`^(?i:` + pattern.String() + `)($|[/?#].*$)`)
	if err != nil {
		return "", false
	}
	found := whole.FindStringSubmatch(url)
	if found == nil {
		return "", false
	}
	if path = found[1]; !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path, true
}

// shorten writes the URL as a path below the app's base.
func (m *Model) shorten() {
	path, ok := below(m.app, strings.TrimSpace(m.url.Value()))
	if !ok {
		return
	}
	m.url.SetValue(path)
	m.url.CursorEnd()
	m.readParams()
	m.starts.follow(path)
	m.err = nil
	m.resize()
}

// shortens reports that the URL can be written as a path.
func (m *Model) shortens() bool {
	_, ok := below(m.app, strings.TrimSpace(m.url.Value()))
	return ok
}
