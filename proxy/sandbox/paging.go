package sandbox

import (
	"cmp"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultPage = 10
	largestPage = 100
)

// placed is a record of a list that is sorted by serial number.
type placed interface{ place() int }

// search finds a serial number in a sorted list, or where it would stand.
func search[T placed](list []T, serial int) (int, bool) {
	return slices.BinarySearchFunc(list, serial, func(r T, n int) int { return cmp.Compare(r.place(), n) })
}

// page is a page of a list (connect-api.md, "Paging").
type page struct {
	Info pageInfo `json:"page_info"`
	Data any      `json:"data"`
}

type pageInfo struct {
	Total int     `json:"total_count"`
	Count int     `json:"count"`
	Start *string `json:"start_cursor"`
	End   *string `json:"end_cursor"` // null on the last page
}

// paging is what a call asks for.
type paging struct {
	limit         int
	after, before string // ids; empty for none
}

// readPaging reads limit and cursors; the words refuse what is none.
func readPaging(q url.Values) (p paging, refused string) {
	p.limit = defaultPage
	if q.Has("limit") {
		text := q.Get("limit")
		n, err := strconv.Atoi(text)
		if n < 1 || err != nil && !errors.Is(err, strconv.ErrRange) {
			return p, "limit must be a positive number"
		}
		p.limit = min(n, largestPage)
	}
	for name, to := range map[string]*string{"after": &p.after, "before": &p.before} {
		id, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(q.Get(name), "="))
		if err != nil {
			return p, wordsCursor
		}
		*to = string(id)
	}
	return p, ""
}

// cursor is the id of a record, as clients hand it back.
func cursor(id string) *string {
	text := base64.RawURLEncoding.EncodeToString([]byte(id))
	return &text
}

// window cuts the page out of a list: the records that keep lets through, from
// the cursor on. It reads no more of the list than the page needs. serial finds
// a cursor's record; more tells that others follow.
func window[T placed](list []T, p paging, keep func(T) bool, serial func(id string) (int, bool)) (items []T, more, ok bool) {
	if p.before != "" && p.after == "" {
		return windowBefore(list, p, keep, serial)
	}
	from := 0
	if p.after != "" {
		n, known := serial(p.after)
		if !known {
			return nil, false, false
		}
		from, _ = search(list, n+1)
	}
	for _, r := range list[from:] {
		if keep != nil && !keep(r) {
			continue
		}
		if len(items) == p.limit {
			return items, true, true
		}
		items = append(items, r)
	}
	return items, false, true
}

func windowBefore[T placed](list []T, p paging, keep func(T) bool, serial func(id string) (int, bool)) (items []T, more, ok bool) {
	n, known := serial(p.before)
	if !known {
		return nil, false, false
	}
	to, _ := search(list, n)
	for _, r := range slices.Backward(list[:to]) {
		if keep != nil && !keep(r) {
			continue
		}
		if len(items) == p.limit {
			break
		}
		items = append(items, r)
	}
	slices.Reverse(items)
	return items, true, true // the cursor's own record follows
}

// writePage answers with a page whose records were made.
func writePage[T, R any](w http.ResponseWriter, items []T, total int, more bool, id func(T) string, record func(T) R) {
	data := make([]R, len(items))
	for i, item := range items {
		data[i] = record(item)
	}
	info := pageInfo{Total: total, Count: len(items)}
	if n := len(items); n > 0 {
		info.Start = cursor(id(items[0]))
		if more {
			info.End = cursor(id(items[n-1]))
		}
	}
	answer(w, http.StatusOK, page{info, data})
}
