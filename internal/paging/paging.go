// Package paging finds how an answer says to get its next page: a Link header, a URL in
// the body, or a cursor that goes into the query.
package paging

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/connectty/connectty/proxy"
)

// MaxBody is how much of a body is read: an answer that is longer is no page.
const MaxBody = 8 << 20

// cursors are the members of a body that hold a cursor, by their path, and the query
// parameter that it goes into.
var cursors = []struct{ path, parameter string }{
	{"response_metadata.next_cursor", "cursor"}, // Slack
	{"nextPageToken", "pageToken"},              // Google
	{"next_page_token", "page_token"},
	{"nextSyncToken", "syncToken"},
	{"paging.next.after", "after"}, // HubSpot
	{"offset", "offset"},           // Airtable: a word, not a number
	{"next_cursor", "cursor"},
	{"nextCursor", "cursor"},
	{"pagination.next_cursor", "cursor"},
	{"meta.next_cursor", "cursor"},
	{"meta.after_cursor", "page[after]"}, // Zendesk
	{"next_start_cursor", "start_cursor"},
	{"next_page_cursor", "page_cursor"},
	{"continuation_token", "continuation_token"},
}

// links are the members of a body that hold the next page's URL.
var links = []string{
	"@odata.nextLink", "next", "next_page", "next_page_url", "nextPage", "links.next", "_links.next.href", "paging.next", "pagination.next", "nextPageUrl", "next_href",
}

// relNext finds the next page in a Link header (RFC 8288).
var relNext = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<([^>]*)>\s*;[^,]*\brel="?next"?`) })

// sentBack reads a preset's words of how an app pages: "next_cursor, sent back as
// start_cursor".
var sentBack = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([\w.@]+), sent back as ([\w\[\]]+)`) })

// Next returns the URL of the page behind an answer to a URL, and in words how it was
// found; ok is false where the answer names none. hint is how the app pages, in its
// preset's words; it may be empty.
func Next(from string, headers []proxy.Field, body []byte, hint string) (next, how string, ok bool) {
	for _, h := range headers {
		if m := relNext().FindStringSubmatch(h.Value); m != nil && strings.EqualFold(h.Name, "Link") {
			return resolve(from, m[1], "the Link header")
		}
	}
	var answer map[string]any
	if len(body) > MaxBody || json.Unmarshal(body, &answer) != nil {
		return "", "", false
	}
	if m := sentBack().FindStringSubmatch(hint); m != nil {
		if cursor, found := text(answer, m[1]); found {
			return with(from, m[2], cursor, m[1])
		}
	}
	for _, path := range links {
		if link, found := text(answer, path); found && (strings.Contains(link, "/") || strings.HasPrefix(link, "?")) {
			return resolve(from, link, path)
		}
	}
	for _, c := range cursors {
		if cursor, found := text(answer, c.path); found {
			return with(from, c.parameter, cursor, c.path)
		}
	}
	return afterLast(from, answer)
}

// afterLast pages by the last id, as Stripe does, where the answer says that it has
// more.
func afterLast(from string, answer map[string]any) (next, how string, ok bool) {
	if more, is := answer["has_more"].(bool); !is || !more {
		return "", "", false
	}
	rows, _ := answer["data"].([]any)
	if len(rows) == 0 {
		return "", "", false
	}
	last, _ := rows[len(rows)-1].(map[string]any)
	if id, _ := last["id"].(string); id != "" {
		return with(from, "starting_after", id, "has_more, and the last id")
	}
	return "", "", false
}

// text returns a member that is text and not empty, by its path; a name may hold dots
// itself.
func text(v any, path string) (string, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return "", false
	}
	if s, ok := m[path].(string); ok {
		return s, s != ""
	}
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return "", false
	}
	return text(m[name], rest)
}

// resolve reads a link as it stands in the answer to a URL.
func resolve(from, link, how string) (next, found string, ok bool) {
	base, err := url.Parse(from)
	if err != nil {
		return "", "", false
	}
	to, err := base.Parse(link)
	if err != nil {
		return "", "", false
	}
	return to.String(), how, true
}

// with sets a parameter of a URL's query, and leaves the others as they are written.
func with(from, parameter, value, how string) (next, found string, ok bool) {
	path, query, _ := strings.Cut(from, "?")
	query, fragment, _ := strings.Cut(query, "#")
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); part == "" || err == nil && plain == parameter {
			continue
		}
		parts = append(parts, part)
	}
	parts = append(parts, url.QueryEscape(parameter)+"="+url.QueryEscape(value))
	next = path + "?" + strings.Join(parts, "&")
	if fragment != "" {
		next += "#" + fragment
	}
	return next, how, true
}
