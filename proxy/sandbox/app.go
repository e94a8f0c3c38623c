package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"
)

// app is an App with what it takes to reach it and to tell of it.
type app struct {
	App

	serial    int
	id        string // app_…
	oauthID   string // oa_…: its own OAuth client; empty without one
	transport *http.Transport
	base      pattern // of BaseURL, and its host's entry in what may be called
	inserts   []inserter
	oauth     *oauth2.Config
	domains   []string // what the file allows, else the base URL's host
	record    json.RawMessage
}

func (a *app) place() int { return a.serial }

func newApp(serial int, a App, transport *http.Transport) (*app, error) {
	a.Name, a.AuthType = cmp.Or(a.Name, a.Slug), cmp.Or(a.AuthType, authKeys)
	out := &app{App: a, serial: serial, id: fmt.Sprintf("app_%05d", serial), transport: transport, base: parsePattern(a.BaseURL)}
	secret, err := reveal(a.OAuth.ClientSecret)
	if err != nil {
		return nil, fmt.Errorf("app %q: oauth.client_secret: %w", a.Slug, err)
	}
	out.OAuth.ClientSecret = secret
	out.oauth = newOAuth(out.OAuth)
	if a.OAuth.ClientID != "" {
		out.oauthID = fmt.Sprintf("oa_%05d", serial)
	}
	for _, in := range a.Insert {
		out.inserts = append(out.inserts, newInserter(in))
	}
	out.domains = out.reachable()
	out.record, err = json.Marshal(out.json())
	return out, err
}

// reachable lists where the app's requests may go: what the file names, else the
// base URL's host unless that differs by account.
func (a *app) reachable() []string {
	if len(a.AllowedDomains) > 0 {
		return a.AllowedDomains
	}
	if u, err := url.Parse(a.BaseURL); err == nil && u.Host != "" {
		return []string{u.Host}
	}
	return []string{}
}

// fields returns what a person fills in to connect an account: the base URL's
// fields, then the credentials. Those of the OAuth flow are not theirs to fill in.
func (a *app) fields() []string {
	names := a.base.fields()
	for _, in := range a.inserts {
		names = append(names, in.fields()...)
	}
	var out []string
	for _, name := range names {
		if !slices.Contains(out, name) && (a.AuthType != authOAuth || !strings.HasPrefix(name, "oauth_")) {
			out = append(out, name)
		}
	}
	return out
}

// customField is an entry of custom_fields_json (connect-api.md, "App fields").
type customField struct {
	Name        string  `json:"name"`
	Label       string  `json:"label"`
	Description *string `json:"description"`
	Default     *string `json:"default"`
	Optional    *bool   `json:"optional"`
	Type        string  `json:"type,omitempty"`
}

// label is a field's name as people read it: api_key is "Api key".
func label(name string) string {
	words := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(words[:min(1, len(words))]) + words[min(1, len(words)):]
}

// public reports a field that may be shown: one that stands in the base URL.
func (a *app) public(name string) bool { return slices.Contains(a.base.fields(), name) }

type scopeProfile struct {
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
}

type appConnect struct {
	ProxyEnabled   bool     `json:"proxy_enabled"`
	AllowedDomains []string `json:"allowed_domains"`
	BaseURL        string   `json:"base_proxy_target_url"`
}

type appRecord struct {
	ID             string         `json:"id"`
	Slug           string         `json:"name_slug"`
	Name           string         `json:"name"`
	AuthType       string         `json:"auth_type"`
	Description    *string        `json:"description"`
	Image          string         `json:"img_src"`
	CustomFields   string         `json:"custom_fields_json"`
	Categories     []string       `json:"categories"`
	FeaturedWeight int            `json:"featured_weight"`
	ScopeProfiles  []scopeProfile `json:"scope_profiles"`
	Connect        appConnect     `json:"connect"`
}

// json is the record of an app (connect-api.md, "App fields").
func (a *app) json() appRecord {
	fields := []customField{}
	for _, name := range a.fields() {
		f := customField{Name: name, Label: label(name)}
		if !a.public(name) {
			f.Type = "password"
		}
		fields = append(fields, f)
	}
	custom, err := json.Marshal(fields)
	if err != nil {
		custom = []byte("[]") // plain texts can always be written
	}
	profiles := []scopeProfile{}
	if len(a.OAuth.Scopes) > 0 {
		profiles = append(profiles, scopeProfile{"default", a.OAuth.Scopes})
	}
	return appRecord{
		ID: a.id, Slug: a.Slug, Name: a.Name, AuthType: a.AuthType, Description: nullable(a.Description),
		CustomFields: string(custom), Categories: orNone(a.Categories), FeaturedWeight: a.FeaturedWeight, ScopeProfiles: profiles,
		Connect: appConnect{!a.ProxyOff, a.domains, a.BaseURL},
	}
}

// is reports whether a reference, slug or id, means the app.
func (a *app) is(ref string) bool {
	return a.Slug == ref || a.id == ref || a.oauthID != "" && a.oauthID == ref
}

// named returns the app of a slug or an id; nil where there is none.
func (s *Server) named(ref string) *app {
	if a := s.apps[ref]; a != nil {
		return a
	}
	for _, a := range s.catalogue {
		if a.is(ref) {
			return a
		}
	}
	return nil
}

// serveApps serves the list of apps, and one app under "data".
func (s *Server) serveApps(w http.ResponseWriter, r *http.Request, rest []string) {
	switch {
	case r.Method != http.MethodGet || len(rest) > 1:
		refuse(w, http.StatusNotFound, wordsNoRoute)
	case len(rest) == 1:
		if a := s.named(rest[0]); a != nil {
			answer(w, http.StatusOK, map[string]json.RawMessage{"data": a.record})
			return
		}
		refuse(w, http.StatusNotFound, wordsNotFound)
	default:
		s.listApps(w, r.URL.Query())
	}
}

func (s *Server) listApps(w http.ResponseWriter, q url.Values) {
	p, words := readPaging(q)
	if words != "" {
		refuse(w, http.StatusBadRequest, words)
		return
	}
	var found []*app
	for _, a := range s.catalogue {
		if matches(a, q) {
			found = append(found, a)
		}
	}
	sortApps(found, q.Get("sort_key"), q.Get("sort_direction"))
	rank := make([]ranked, len(found)) // a page is cut by rank, as the order is the caller's
	for i, a := range found {
		rank[i] = ranked{i, a}
	}
	serial := func(id string) (int, bool) {
		i := slices.IndexFunc(found, func(a *app) bool { return a.id == id })
		return i, i >= 0
	}
	items, more, ok := window(rank, p, nil, serial)
	if !ok {
		refuse(w, http.StatusBadRequest, wordsCursor)
		return
	}
	writePage(w, items, len(found), more, func(r ranked) string { return r.app.id }, func(r ranked) json.RawMessage { return r.app.record })
}

// ranked is an app at its place in a sorted list.
type ranked struct {
	rank int
	app  *app
}

func (r ranked) place() int { return r.rank }

// matches reports whether an app passes the filters of a list. The sandbox has
// no components, so nothing has any.
func matches(a *app, q url.Values) bool {
	text := strings.ToLower(q.Get("q"))
	if !strings.Contains(strings.ToLower(a.Slug+"\x00"+a.Name), text) {
		return false
	}
	for _, name := range []string{"has_components", "has_actions", "has_triggers"} {
		if asked, set := flag(q, name); set && asked {
			return false
		}
	}
	var wanted []string
	for _, list := range q["category_ids"] { // 3.x repeats it, 1.x joins with commas
		wanted = append(wanted, strings.Split(list, ",")...)
	}
	return len(wanted) == 0 || slices.ContainsFunc(a.Categories, func(c string) bool { return slices.Contains(wanted, categoryID(c)) })
}

func sortApps(apps []*app, key, direction string) {
	by := map[string]func(a, b *app) int{
		"name":            func(a, b *app) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
		"name_slug":       func(a, b *app) int { return cmp.Compare(a.Slug, b.Slug) },
		"featured_weight": func(a, b *app) int { return cmp.Compare(a.FeaturedWeight, b.FeaturedWeight) },
	}[key]
	if by == nil {
		return
	}
	slices.SortStableFunc(apps, by)
	if direction == "desc" {
		slices.Reverse(apps)
	}
}

type category struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
}

// categoryID makes an id of a category's name: "Customer support" is
// appcat_customersupport.
func categoryID(name string) string {
	letters := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}
	return "appcat_" + strings.Map(letters, strings.ToLower(name))
}

// serveCategories serves all categories, or the one of an id.
func (s *Server) serveCategories(w http.ResponseWriter, id string) {
	all := []category{}
	for _, a := range s.catalogue {
		for _, name := range a.Categories {
			c := category{ID: categoryID(name), Name: name}
			if id == c.ID {
				answer(w, http.StatusOK, c)
				return
			}
			if !slices.ContainsFunc(all, func(o category) bool { return o.ID == c.ID }) {
				all = append(all, c)
			}
		}
	}
	if id != "" {
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	}
	answer(w, http.StatusOK, all)
}
