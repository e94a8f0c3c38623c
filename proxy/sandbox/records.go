package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
)

// view answers one call about records of one environment.
type view struct {
	server *Server
	w      http.ResponseWriter
	r      *http.Request
	env    proxy.Environment
}

// timeFormat is ISO 8601 with milliseconds, as Connect has it.
const timeFormat = "2006-01-02T15:04:05.000Z"

func stamp(t time.Time) string { return t.UTC().Format(timeFormat) }

// nullable is a text that is null where it is empty.
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// orNone is a list that is [] where it is nil.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// flag reads true, false, 1 and 0.
func flag(q url.Values, name string) (on, set bool) {
	b, err := strconv.ParseBool(q.Get(name))
	return b, err == nil
}

type userRecord struct {
	ID         string `json:"id"`
	ExternalID string `json:"external_id"`
	CreatedAt  string `json:"created_at"`
	UpdatedAt  string `json:"updated_at"`
}

func (v view) listUsers() {
	q := v.r.URL.Query()
	p, words := readPaging(q)
	text := strings.ToLower(q.Get("q"))
	keep := func(u *user) bool { return strings.Contains(strings.ToLower(u.external), text) }
	if text == "" {
		keep = nil
	}
	var items []*user
	var more, ok bool
	var total int
	v.server.book.read(v.env, func(s *shelf) {
		serial := func(id string) (int, bool) {
			for _, u := range s.users {
				if u.id == id {
					return u.serial, true
				}
			}
			return 0, false
		}
		items, more, ok = window(s.users, p, keep, serial)
		total = count(s.users, keep)
	})
	if !ok {
		words = cmp.Or(words, wordsCursor)
	}
	if words != "" {
		refuse(v.w, http.StatusBadRequest, words)
		return
	}
	writePage(v.w, items, total, more, func(u *user) string { return u.id }, func(u *user) userRecord {
		return userRecord{u.id, u.external, stamp(u.made), stamp(u.updated)}
	})
}

func count[T any](list []T, keep func(T) bool) int {
	if keep == nil {
		return len(list)
	}
	n := 0
	for _, item := range list {
		if keep(item) {
			n++
		}
	}
	return n
}

func (v view) deleteUser(external string) {
	v.deleted(v.server.book.removeUser(v.env, external))
}

// deleted answers that something is gone, or never was there.
func (v view) deleted(was bool) {
	if !was {
		refuse(v.w, http.StatusNotFound, wordsNotFound)
		return
	}
	v.w.WriteHeader(http.StatusNoContent)
}

// deleteAppAccounts serves DELETE apps/{app}/accounts and accounts/app/{app}.
func (v view) deleteAppAccounts(path []string) {
	ref := path[1]
	switch {
	case path[0] == "apps" && path[2] == "accounts":
	case path[0] == "accounts" && path[1] == "app":
		ref = path[2]
	default:
		refuse(v.w, http.StatusNotFound, wordsNoRoute)
		return
	}
	app := v.server.named(ref)
	v.deleted(app != nil && v.server.book.remove(v.env, func(a *account) bool { return a.App == app.Slug }) > 0)
}

// userAccounts serves users/{id}/accounts: a bare array.
func (v view) userAccounts(external, word string) {
	if word != "accounts" {
		refuse(v.w, http.StatusNotFound, wordsNoRoute)
		return
	}
	keep := v.keeps()
	data := []accountRecord{}
	v.server.book.read(v.env, func(s *shelf) {
		if u := s.byUser[external]; u != nil {
			for _, a := range u.accounts {
				if keep == nil || keep(a) {
					data = append(data, v.account(a))
				}
			}
		}
	})
	answer(v.w, http.StatusOK, data)
}

// keeps returns the filter that the query asks for, apart from the user; nil for
// none.
func (v view) keeps() func(*account) bool {
	q := v.r.URL.Query()
	ref, oauth := q.Get("app"), q.Get("oauth_app_id")
	if ref == "" && oauth == "" {
		return nil
	}
	app := v.server.named(ref)
	return func(a *account) bool {
		return (ref == "" || app != nil && app.Slug == a.App) && (oauth == "" || v.server.apps[a.App].oauthID == oauth)
	}
}

func (v view) listAccounts() {
	q := v.r.URL.Query()
	p, words := readPaging(q)
	keep := v.keeps()
	var items []*account
	var more, ok bool
	var total int
	v.server.book.read(v.env, func(s *shelf) {
		list := s.accounts
		if external := q.Get("external_user_id"); external != "" {
			list = nil
			if u := s.byUser[external]; u != nil {
				list = u.accounts
			}
		}
		serial := func(id string) (int, bool) {
			if a := s.byID[id]; a != nil {
				return a.serial, true
			}
			return 0, false
		}
		items, more, ok = window(list, p, keep, serial)
		total = v.total(s, list, keep, q)
	})
	if !ok {
		words = cmp.Or(words, wordsCursor)
	}
	if words != "" {
		refuse(v.w, http.StatusBadRequest, words)
		return
	}
	writePage(v.w, items, total, more, func(a *account) string { return a.ID }, v.account)
}

// total counts a filtered list. That of one app is known, as a page of a large
// project must not walk all of it.
func (v view) total(s *shelf, list []*account, keep func(*account) bool, q url.Values) int {
	app := v.server.named(q.Get("app"))
	if app != nil && q.Get("external_user_id") == "" && q.Get("oauth_app_id") == "" {
		return s.perApp[app.Slug]
	}
	return count(list, keep)
}

func (v view) getAccount(id string) {
	a := v.server.book.find(v.env, id)
	if a == nil {
		refuse(v.w, http.StatusNotFound, wordsNotFound)
		return
	}
	answer(v.w, http.StatusOK, v.account(a))
}

type accountRecord struct {
	ID               string            `json:"id"`
	Name             *string           `json:"name"`
	ExternalID       string            `json:"external_id"`
	Healthy          bool              `json:"healthy"`
	Dead             bool              `json:"dead"`
	App              json.RawMessage   `json:"app"`
	CreatedAt        string            `json:"created_at"`
	UpdatedAt        string            `json:"updated_at"`
	AuthorizedScopes []string          `json:"authorized_scopes"`
	ExpiresAt        *string           `json:"expires_at"`
	Error            *string           `json:"error"`
	LastRefreshedAt  *string           `json:"last_refreshed_at"`
	NextRefreshAt    *string           `json:"next_refresh_at"`
	Credentials      map[string]string `json:"credentials,omitempty"`
}

// account is the record of an account (connect-api.md, "Account fields").
func (v view) account(a *account) accountRecord {
	record := accountRecord{
		ID: a.ID, Name: nullable(a.Name), ExternalID: a.ExternalUserID, Healthy: !a.Unhealthy, Dead: a.Dead,
		App: v.server.apps[a.App].record, CreatedAt: stamp(a.made), UpdatedAt: stamp(a.updated),
		AuthorizedScopes: orNone(a.AuthorizedScopes), ExpiresAt: nullable(a.ExpiresAt), Error: nullable(a.Error),
	}
	if !a.refreshed.IsZero() {
		record.LastRefreshedAt = nullable(stamp(a.refreshed))
	}
	if expires, ok := a.expires(); ok && !a.Dead && v.server.apps[a.App].OAuth.TokenURL != "" {
		record.NextRefreshAt = nullable(stamp(expires.Add(-refreshEarly)))
	}
	if on, _ := flag(v.r.URL.Query(), "include_credentials"); on {
		record.Credentials = map[string]string{}
		for name := range a.Credentials {
			record.Credentials[name], _ = a.credential(name) // one that cannot be read is empty
		}
	}
	return record
}

type projectRecord struct {
	ID           string  `json:"id"`
	Name         string  `json:"name"`
	AppName      string  `json:"app_name"`
	SupportEmail *string `json:"support_email"`
	KeyAuthTest  bool    `json:"connect_require_key_auth_test"`
}

// serveProject answers with the project itself, bare.
func (s *Server) serveProject(w http.ResponseWriter, id string) {
	if id != s.cfg.Project.ID {
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	}
	answer(w, http.StatusOK, projectRecord{ID: id, Name: s.cfg.Project.Name, AppName: s.cfg.Project.Name})
}

// projectInfo lists the apps that are linked to the project.
func (v view) projectInfo(word string) {
	if word != "info" {
		refuse(v.w, http.StatusNotFound, wordsNoRoute)
		return
	}
	type linked struct {
		ID   string `json:"id"`
		Slug string `json:"name_slug"`
	}
	apps := []linked{}
	for _, a := range v.server.catalogue {
		apps = append(apps, linked{a.id, a.Slug})
	}
	answer(v.w, http.StatusOK, map[string][]linked{"apps": apps})
}
