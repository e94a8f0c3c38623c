package sandbox

import (
	"net/http"
	"net/url"
	"strings"
)

// inserter is an Insert whose templates were read.
type inserter struct {
	Insert

	value, user, password, path pattern
}

func newInserter(in Insert) inserter {
	return inserter{
		Insert: in, value: parsePattern(in.Value), user: parsePattern(in.BasicUser),
		password: parsePattern(in.BasicPassword), path: parsePattern(in.Path),
	}
}

// fields returns the credentials it reads.
func (in inserter) fields() []string {
	var names []string
	for _, t := range []pattern{in.value, in.user, in.password, in.path} {
		names = append(names, t.fields()...)
	}
	return names
}

// insert puts the credential into a request. Where the account has none, the
// request goes without: the upstream answers (connect-api.md, section 10).
func (in inserter) insert(req *http.Request, a *account) error {
	switch {
	case in.Header != "":
		value, complete, err := in.value.fill(a.credential)
		if err != nil {
			return err
		}
		req.Header.Del(in.Header) // the account's credential wins
		if complete {
			req.Header.Set(in.Header, value)
		}
	case in.Query != "":
		value, complete, err := in.value.fill(a.credential)
		if err != nil {
			return err
		}
		req.URL.RawQuery = replaceParam(req.URL.RawQuery, in.Query, value, complete)
	case in.Basic:
		return in.basic(req, a)
	case in.Path != "":
		return in.prefix(req, a)
	}
	return nil
}

func (in inserter) basic(req *http.Request, a *account) error {
	user, known, err := in.user.fill(a.credential)
	if err != nil {
		return err
	}
	password, _, err := in.password.fill(a.credential)
	if err != nil {
		return err
	}
	req.Header.Del("Authorization")
	if known {
		req.SetBasicAuth(user, password)
	}
	return nil
}

// prefix puts the filled template before the path.
func (in inserter) prefix(req *http.Request, a *account) error {
	text, complete, err := in.path.fill(a.credential)
	if err != nil || !complete {
		return err
	}
	escaped := strings.ReplaceAll(url.PathEscape(text), "%2F", "/")
	written := req.URL.EscapedPath()
	if req.URL.Opaque != "" {
		written, req.URL.Opaque = req.URL.Opaque, ""
	}
	setPath(req.URL, "/"+strings.Trim(escaped, "/")+written)
	return nil
}

// replaceParam drops parameters of a name from a query and appends the
// credential; the rest stays as it was written.
func replaceParam(query, name, value string, complete bool) string {
	var kept []string
	for piece := range strings.SplitSeq(query, "&") {
		raw, _, _ := strings.Cut(piece, "=")
		plain, err := url.QueryUnescape(raw)
		if piece != "" && (err != nil || plain != name) {
			kept = append(kept, piece)
		}
	}
	if complete {
		kept = append(kept, url.QueryEscape(name)+"="+url.QueryEscape(value))
	}
	return strings.Join(kept, "&")
}
