package sandbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/oauth2"
)

// The pages of a connect link. They need no token but the link's own.
const (
	pageFolder   = "_static"
	connectPage  = "/" + pageFolder + "/connect.html"
	callbackPage = "/" + pageFolder + "/callback"
	donePage     = "/" + pageFolder + "/connected.html"
	cookieName   = "connectty_connect"
)

//go:embed page.html
var pageText string

// pages reads the templates when the first page is asked for.
var pages = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// form is what the page shows.
type form struct {
	Title    string
	Token    string
	Guard    string // proves that the form came from our page, in this browser
	User     string
	Env      string
	App      *app
	Apps     []*app // to choose from, where the link names none
	Fields   []formField
	Scopes   []string
	Accounts []*account // the user's own of this app
	Broken   string     // id of the one to reconnect; empty for a new account
	Outside  bool       // the app's own consent page follows
	Failure  string
}

type formField struct {
	Name, Label, Kind string
}

// servePage serves the connect page: GET shows the form, POST connects. It keeps
// a browser's other pages from doing either: no frame may hold it, and a form
// counts only with the value that this browser was given.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, path []string) {
	shape := r.Method + " " + strings.Join(path, "/")
	switch shape {
	case "GET connect.html", "HEAD connect.html":
		s.showForm(w, r, r.URL.Query(), http.StatusOK, "")
	case "POST connect.html":
		s.submit(w, r)
	case "GET callback":
		s.callback(w, r)
	case "GET connected.html":
		s.render(w, http.StatusOK, "done", form{Title: "Connected"}, "")
	default:
		refuse(w, http.StatusNotFound, wordsNoRoute)
	}
}

// render writes a page. reach names another origin that its form may lead to.
func (s *Server) render(w http.ResponseWriter, status int, name string, f form, reach string) {
	var b bytes.Buffer
	if err := pages().ExecuteTemplate(&b, name, f); err != nil {
		refuse(w, http.StatusInternalServerError, wordsFault)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", strings.TrimSpace("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+reach))
	h.Set("Referrer-Policy", "same-origin") // the link is a secret; with no-referrer a form would come without its origin
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that went needs no page
}

func (s *Server) expired(w http.ResponseWriter) {
	s.render(w, http.StatusNotFound, "expired", form{Title: "This link no longer works"}, "")
}

// showForm asks what the app needs; without an app, which one.
func (s *Server) showForm(w http.ResponseWriter, r *http.Request, q url.Values, status int, failure string) {
	t, ok := s.connect.live(q.Get("token"), s.cfg.Now())
	if !ok {
		s.expired(w)
		return
	}
	f := form{Title: "Connect an account", Token: q.Get("token"), User: t.user, Env: string(t.env), Failure: failure}
	f.Guard = s.guard(f.Token, s.cookie(w, r))
	f.App = s.named(q.Get("app"))
	if f.App == nil {
		f.Apps = s.catalogue
		s.render(w, status, "choose", f, "")
		return
	}
	f.Title = "Connect " + f.App.Name
	s.fillForm(&f, t, q.Get("account_id"))
	s.render(w, status, "connect", f, strings.TrimSpace(originOf(f.App.OAuth.AuthorizeURL)+" "+originOf(t.successURL)+" "+originOf(t.errorURL)))
}

// fillForm adds what the app asks for, and what may be reconnected.
func (s *Server) fillForm(f *form, t connectToken, account string) {
	for _, name := range s.asks(f.App) {
		kind := "password"
		if f.App.public(name) {
			kind = "text"
		}
		f.Fields = append(f.Fields, formField{name, label(name), kind})
	}
	f.Outside = f.App.OAuth.AuthorizeURL != ""
	if f.App.AuthType == authOAuth && !f.Outside {
		f.Scopes = f.App.OAuth.Scopes
	}
	s.book.read(t.env, func(shelf *shelf) {
		if u := shelf.byUser[t.user]; u != nil {
			for _, a := range u.accounts {
				if a.App == f.App.Slug {
					f.Accounts = append(f.Accounts, a)
				}
			}
		}
	})
	for _, a := range f.Accounts {
		if a.ID == account || f.Broken == "" && account == "" && (a.Dead || a.Unhealthy) {
			f.Broken = a.ID
		}
	}
}

// asks lists the fields that a person fills in. An OAuth app without a consent
// page, and without a double that grants, takes its token by hand.
func (s *Server) asks(a *app) []string {
	fields := a.fields()
	if a.AuthType == authOAuth && a.OAuth.AuthorizeURL == "" && s.granter(a, nil) == nil {
		fields = append(fields, credAccess)
	}
	return fields
}

// originOf is scheme and host of a URL; empty where it has none.
func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// cookie returns the browser's mark, given to it with this answer if need be.
func (s *Server) cookie(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(cookieName); err == nil && len(c.Value) == 32 {
		return c.Value
	}
	mark := randomHex(16)
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: mark, Path: "/" + pageFolder, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	})
	return mark
}

// guard binds a form to a link and a browser.
func (s *Server) guard(token, cookie string) string {
	mac := hmac.New(sha256.New, s.tokens.key.Seed())
	mac.Write([]byte(token + "\n" + cookie))
	return hex.EncodeToString(mac.Sum(nil))
}

// ours reports that a form came from our own page, in the browser it was shown in.
func (s *Server) ours(r *http.Request) bool {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return false
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	if from := r.Header.Get("Origin"); from != "" && from != origin(r) {
		return false
	}
	return hmac.Equal([]byte(s.guard(r.PostForm.Get("token"), c.Value)), []byte(r.PostForm.Get("guard")))
}

// submit takes the form in.
func (s *Server) submit(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenBody)
	if err := r.ParseForm(); err != nil || !s.ours(r) {
		s.render(w, http.StatusForbidden, "refused", form{Title: "This form was not accepted"}, "")
		return
	}
	q := r.PostForm
	t, ok := s.connect.live(q.Get("token"), s.cfg.Now())
	app := s.named(q.Get("app"))
	switch {
	case !ok:
		s.expired(w)
	case q.Get("act") == "cancel":
		s.leave(w, r, t.errorURL, "cancelled")
	case app == nil:
		s.showForm(w, r, q, http.StatusBadRequest, "")
	default:
		s.connectForm(w, r, t, app)
	}
}

// connectForm connects what was filled in, or goes on to the app's consent page.
func (s *Server) connectForm(w http.ResponseWriter, r *http.Request, t connectToken, app *app) {
	q := r.PostForm
	fields := map[string]string{}
	for _, name := range s.asks(app) {
		value := strings.TrimSpace(q.Get("field_" + name))
		if value == "" {
			s.showForm(w, r, q, http.StatusBadRequest, label(name)+" is missing.")
			return
		}
		fields[name] = value
	}
	if app.OAuth.AuthorizeURL != "" {
		s.consent(w, r, app, fields)
		return
	}
	with := Account{Name: strings.TrimSpace(q.Get("name")), Credentials: literal(fields)}
	if app.AuthType == authOAuth {
		with.AuthorizedScopes = granted(app, q["scope"])
		if g := s.granter(app, fields); g != nil {
			with.Credentials[credAccess] = inLiteral + g.Grant(s.held(t, q.Get("account_id")), t.user, with.AuthorizedScopes)
		}
	}
	if !s.connect.use(q.Get("token"), s.cfg.Now()) {
		s.expired(w)
		return
	}
	s.connected(t, app, q.Get("account_id"), with)
	s.leave(w, r, t.successURL, "connected")
}

// granted are the scopes of a form that the app offers.
func granted(app *app, asked []string) []string {
	out := []string{}
	for _, scope := range app.OAuth.Scopes {
		if slices.Contains(asked, scope) {
			out = append(out, scope)
		}
	}
	return out
}

// Granter is a double that gives credentials for scopes. held is the credential
// that the new one replaces; empty where there is none.
type Granter interface {
	Grant(held, owner string, scopes []string) (credential string)
}

// granter returns the double that stands behind an app, if it grants.
func (s *Server) granter(a *app, fields map[string]string) Granter {
	base, _ := a.filled(&account{Account: Account{Credentials: literal(fields)}})
	for _, raw := range append([]string{base}, a.domains...) {
		host := raw
		if u, err := url.Parse(raw); err == nil && u.Host != "" {
			host = u.Hostname()
		}
		if g, ok := s.cfg.Vendors[vendorName(host)].(Granter); ok {
			return g
		}
	}
	return nil
}

// held is the access token of an account that is reconnected.
func (s *Server) held(t connectToken, id string) string {
	a := s.book.find(t.env, id)
	if a == nil || a.ExternalUserID != t.user {
		return ""
	}
	token, err := a.credential(credAccess)
	if err != nil {
		return ""
	}
	return token
}

// leave goes where the link's maker wants people to go, or to a page of ours.
func (s *Server) leave(w http.ResponseWriter, r *http.Request, to, how string) {
	if to == "" && how == "connected" {
		to = donePage
	}
	if to == "" {
		s.render(w, http.StatusOK, "cancelled", form{Title: "Nothing was connected"}, "")
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// consent sends the browser to the app's own page, where a person grants.
func (s *Server) consent(w http.ResponseWriter, r *http.Request, app *app, fields map[string]string) {
	now := s.cfg.Now()
	f := flow{
		token: r.PostForm.Get("token"), app: app, account: r.PostForm.Get("account_id"), fields: fields,
		verifier: oauth2.GenerateVerifier(), redirect: origin(r) + callbackPage, cookie: s.cookie(w, r), ends: now.Add(flowLife),
	}
	state := s.connect.begin(f, now)
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, app.oauth.AuthCodeURL(state, redirectURI(f.redirect), oauth2.S256ChallengeOption(f.verifier)), http.StatusSeeOther)
}

// callback takes the browser back from the app's page, with a code.
func (s *Server) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f, ok := s.connect.end(q.Get("state"), s.cfg.Now())
	t, live := s.connect.live(f.token, s.cfg.Now())
	if !ok || !live || s.cookie(w, r) != f.cookie {
		s.expired(w)
		return
	}
	again := url.Values{"token": {f.token}, "app": {f.app.Slug}, "account_id": {f.account}}
	if q.Get("code") == "" {
		s.showForm(w, r, again, http.StatusBadRequest, f.app.Name+" did not grant access: "+oneLine(q.Get("error")+" "+q.Get("error_description")))
		return
	}
	with, err := s.exchange(context.WithoutCancel(r.Context()), f, q.Get("code")) // a code is good once, so see it through
	if err != nil {
		s.showForm(w, r, again, http.StatusBadGateway, "The token could not be fetched: "+err.Error())
		return
	}
	if !s.connect.use(f.token, s.cfg.Now()) {
		s.expired(w)
		return
	}
	s.connected(t, f.app, f.account, with)
	s.leave(w, r, t.successURL, "connected")
}

// oneLine keeps a stranger's words short.
func oneLine(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), 200)])
}
