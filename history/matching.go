package history

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// matching checks what the index found, and puts what it does not know in between.
type matching struct {
	store   *Store
	conn    *sql.Conn
	terms   []term
	waiting []*numbered // rows that are not indexed, newest first
	skip    int
	take    func(*numbered) bool
	done    bool
	err     error
}

// add takes a row of the index, after the newer ones that are not in it.
func (f *matching) add(ctx context.Context, x *numbered) bool {
	for len(f.waiting) > 0 && f.waiting[0].n > x.n && !f.done {
		f.offer(ctx, f.waiting[0], false)
		f.waiting = f.waiting[1:]
	}
	if !f.done {
		f.offer(ctx, x, true)
	}
	return !f.done
}

// rest takes what is left of the rows that are not indexed.
func (f *matching) rest(ctx context.Context) {
	for _, x := range f.waiting {
		if f.done {
			return
		}
		f.offer(ctx, x, false)
	}
}

// offer hands out a row if all words are in it.
func (f *matching) offer(ctx context.Context, x *numbered, indexed bool) {
	ok, err := f.holds(ctx, x, indexed)
	switch {
	case err != nil:
		f.err, f.done = err, true
	case !ok:
	case f.skip > 0:
		f.skip--
	default:
		f.done = !f.take(x)
	}
}

// holds checks the words that the index could not tell.
func (f *matching) holds(ctx context.Context, x *numbered, indexed bool) (bool, error) {
	var text, whole string
	for _, t := range f.terms {
		if indexed && !t.verify && !t.short() {
			continue
		}
		if text == "" {
			text = fold(strings.Join(x.texts(), "\n"))
		}
		if begins(text, t.text) {
			continue
		}
		if t.short() {
			return false, nil // only looked for in what a list holds
		}
		if whole == "" {
			full := x.Exchange
			if err := f.store.detail(ctx, f.conn, x.n, &full); err != nil {
				return false, err
			}
			whole = full.longText()
		}
		if !begins(whole, t.text) {
			return false, nil
		}
	}
	return true, nil
}

// longText is what a list does not hold of an exchange, as words are compared with it.
func (x Exchange) longText() string {
	var b strings.Builder
	add := func(headers []string, body []byte) {
		b.WriteString(strings.Join(headers, "\n") + "\n" + head(body) + "\n")
	}
	var names []string
	for _, h := range x.Request.Headers {
		names = append(names, h.Name, h.Value)
	}
	add(names, x.Request.Body)
	if x.Response != nil {
		names = nil
		for _, h := range x.Response.Headers {
			names = append(names, h.Name, h.Value)
		}
		add(names, x.Response.Body)
	}
	return fold(strings.ToValidUTF8(b.String(), " "))
}

// begins reports that a word stands in a text where a word begins, or begins with a sign.
func begins(text, word string) bool {
	first := []rune(word)[0]
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		at += i
		if before := lastRune(text[:at]); !isWord(before) || !isWord(first) || isDense(first) {
			return true
		}
		at++
	}
}

func lastRune(s string) rune {
	if s == "" {
		return ' '
	}
	runes := []rune(s[max(0, len(s)-4):])
	return runes[len(runes)-1]
}

// nearRows is how many of the newest rows are looked at first for a word of few letters;
// then so many times as many, and so on.
const (
	nearRows  = 2000
	widenedBy = 8
)

// newest looks for short words in the newest rows, and further back only while they do not
// give enough.
func (f *matching) newest(ctx context.Context, q Query) error {
	seen, last := 0, int64(0)
	for step := nearRows; !f.done; step *= widenedBy {
		before := seen
		part := source{from: "exchange x", by: "x.n", limit: step}
		if seen > 0 {
			part.where, part.args = "x.n < ?", []any{last}
		}
		err := rows(ctx, f.conn, part, q, func(x *numbered) bool {
			seen, last = seen+1, x.n
			f.offer(ctx, x, true)
			return !f.done
		})
		if err = errors.Join(err, f.err, ctx.Err()); err != nil {
			return err
		}
		if seen-before < step {
			return nil
		}
	}
	return nil
}
