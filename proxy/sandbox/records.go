package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
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

// record is anything that a list can hold.
type record struct {
	id   string
	json object
}

const (
	defaultPage = 10
	largestPage = 100
)

// list writes one page (connect-api.md, "Paging"): end_cursor is null on the last
// one.
func (v view) list(all []record) {
	q := v.r.URL.Query()
	limit := defaultPage
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			refuse(v.w, http.StatusBadRequest, "limit must be a positive number")
			return
		}
		limit = min(n, largestPage)
	}
	from, to, ok := window(all, q.Get("after"), q.Get("before"), limit)
	if !ok {
		refuse(v.w, http.StatusBadRequest, "invalid cursor")
		return
	}
	data := []object{}
	for _, r := range all[from:to] {
		data = append(data, r.json)
	}
	info := object{"total_count": len(all), "count": len(data), "start_cursor": nil, "end_cursor": nil}
	if from < to {
		info["start_cursor"] = cursor(all[from].id)
		if to < len(all) {
			info["end_cursor"] = cursor(all[to-1].id)
		}
	}
	answer(v.w, http.StatusOK, object{"page_info": info, "data": data})
}

func cursor(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

// window returns the part of a list that a page shows.
func window(all []record, after, before string, limit int) (from, to int, ok bool) {
	at := func(c string) int {
		return slices.IndexFunc(all, func(r record) bool { return cursor(r.id) == strings.TrimRight(c, "=") })
	}
	switch {
	case after != "":
		from = at(after) + 1
		return from, min(from+limit, len(all)), from > 0
	case before != "":
		to = at(before)
		return max(0, to-limit), to, to >= 0
	}
	return 0, min(limit, len(all)), true
}

// flag reads true, false, 1 and 0.
func (v view) flag(name string) bool {
	b, err := strconv.ParseBool(v.r.URL.Query().Get(name))
	return err == nil && b
}

// live returns the environment's accounts that pass.
func (v view) live(keep func(*account) bool) []*account {
	v.server.mu.Lock()
	defer v.server.mu.Unlock()
	var out []*account
	for _, a := range v.server.accounts {
		if a.Environment == v.env && keep(a) {
			out = append(out, a)
		}
	}
	return out
}

// isApp reports whether an account is of an app, named by slug or id.
func (v view) isApp(a *account, ref string) bool {
	return ref == "" || a.App == ref || v.server.apps[a.App].id == ref
}

func (v view) listUsers() {
	text := strings.ToLower(v.r.URL.Query().Get("q"))
	seen := map[string]bool{}
	var all []record
	for _, a := range v.live(func(*account) bool { return true }) {
		if id := a.ExternalUserID; !seen[id] && strings.Contains(strings.ToLower(id), text) {
			seen[id] = true
			all = append(all, user(v.env, a))
		}
	}
	v.list(all)
}

// user is the user of an account; users exist while they have one.
func user(env proxy.Environment, a *account) record {
	sum := sha256.Sum256([]byte(string(env) + "/" + a.ExternalUserID))
	id := "exu_" + hex.EncodeToString(sum[:4])
	return record{id, object{
		"id": id, "external_id": a.ExternalUserID, "created_at": stamp(a.made), "updated_at": stamp(a.made),
	}}
}

func (v view) deleteUser(id string) {
	v.deleteAccounts(func(a *account) bool { return a.ExternalUserID == id })
}

// deleteAccounts deletes those that match; none is a 404.
func (v view) deleteAccounts(match func(*account) bool) {
	v.server.mu.Lock()
	before := len(v.server.accounts)
	v.server.accounts = slices.DeleteFunc(v.server.accounts, func(a *account) bool { return a.Environment == v.env && match(a) })
	gone := before - len(v.server.accounts)
	v.server.mu.Unlock()
	if gone == 0 {
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
	v.deleteAccounts(func(a *account) bool { return v.isApp(a, ref) })
}

// userAccounts serves users/{id}/accounts: a bare array.
func (v view) userAccounts(user, word string) {
	if word != "accounts" {
		refuse(v.w, http.StatusNotFound, wordsNoRoute)
		return
	}
	app := v.r.URL.Query().Get("app")
	data := []object{}
	for _, a := range v.live(func(a *account) bool { return a.ExternalUserID == user && v.isApp(a, app) }) {
		data = append(data, v.account(a))
	}
	answer(v.w, http.StatusOK, data)
}

func (v view) listAccounts() {
	q := v.r.URL.Query()
	user, app := q.Get("external_user_id"), q.Get("app")
	var all []record
	for _, a := range v.live(func(a *account) bool { return (user == "" || a.ExternalUserID == user) && v.isApp(a, app) }) {
		all = append(all, record{a.ID, v.account(a)})
	}
	v.list(all)
}

func (v view) getAccount(id string) {
	found := v.live(func(a *account) bool { return a.ID == id })
	if len(found) == 0 {
		refuse(v.w, http.StatusNotFound, wordsNotFound)
		return
	}
	answer(v.w, http.StatusOK, v.account(found[0]))
}

// account is the record of an account (connect-api.md, "Account fields").
func (v view) account(a *account) object {
	nullable := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	record := object{
		"id": a.ID, "name": nullable(a.Name), "external_id": a.ExternalUserID, "healthy": !a.Unhealthy, "dead": a.Dead,
		"app": v.server.apps[a.App].record(), "created_at": stamp(a.made), "updated_at": stamp(a.made),
		"authorized_scopes": cmpList(a.AuthorizedScopes), "expires_at": nullable(a.ExpiresAt), "error": nullable(a.Error),
		"last_refreshed_at": stamp(a.made), "next_refresh_at": nil,
	}
	if v.flag("include_credentials") {
		credentials := object{}
		for name, ref := range a.Credentials {
			credentials[name], _ = reveal(ref) // one that cannot be read is empty
		}
		record["credentials"] = credentials
	}
	return record
}

func cmpList(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// record is the record of an app (connect-api.md, "App fields").
func (a *app) record() object {
	return object{
		"id": a.id, "name_slug": a.Slug, "name": cmp.Or(a.Name, a.Slug), "auth_type": a.AuthType, "description": a.Description,
		"img_src": "", "custom_fields_json": "[]", "categories": []string{}, "featured_weight": 0, "scope_profiles": []string{},
		"connect": object{
			"proxy_enabled": !a.ProxyOff, "allowed_domains": a.domains(), "base_proxy_target_url": a.BaseURL,
		},
	}
}

// serveApps serves the list of apps, and one app under "data".
func (s *Server) serveApps(w http.ResponseWriter, r *http.Request, rest []string) {
	if r.Method != http.MethodGet || len(rest) > 1 {
		refuse(w, http.StatusNotFound, wordsNoRoute)
		return
	}
	if len(rest) == 1 {
		for _, a := range s.apps {
			if a.Slug == rest[0] || a.id == rest[0] {
				answer(w, http.StatusOK, object{"data": a.record()})
				return
			}
		}
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	}
	q := r.URL.Query()
	text := strings.ToLower(q.Get("q"))
	var all []record
	for _, a := range s.cfg.Apps {
		if strings.Contains(strings.ToLower(a.Slug+"\x00"+a.Name), text) {
			all = append(all, record{s.apps[a.Slug].id, s.apps[a.Slug].record()})
		}
	}
	if key := q.Get("sort_key"); key == "name" || key == "name_slug" {
		slices.SortStableFunc(all, func(a, b record) int { return cmp.Compare(a.json[key].(string), b.json[key].(string)) })
		if q.Get("sort_direction") == "desc" {
			slices.Reverse(all)
		}
	}
	view{server: s, w: w, r: r}.list(all)
}

// serveProject answers with the project itself, bare.
func (s *Server) serveProject(w http.ResponseWriter, id string) {
	if id != s.cfg.Project.ID {
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	}
	answer(w, http.StatusOK, object{
		"id": id, "name": s.cfg.Project.Name, "app_name": s.cfg.Project.Name, "support_email": nil, "connect_require_key_auth_test": false,
	})
}

// projectInfo lists the apps that are linked to the project.
func (v view) projectInfo(word string) {
	if word != "info" {
		refuse(v.w, http.StatusNotFound, wordsNoRoute)
		return
	}
	apps := []object{}
	for _, a := range v.server.cfg.Apps {
		apps = append(apps, object{"id": v.server.apps[a.Slug].id, "name_slug": a.Slug})
	}
	answer(v.w, http.StatusOK, object{"apps": apps})
}
