package sandbox

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/zalando/go-keyring"
)

// field matches {{x}} and {{custom_fields.x}}; placeholder any other braces.
var (
	field       = regexp.MustCompile(`\{\{\s*(?:custom_fields\.)?([A-Za-z0-9_]+)\s*\}\}`)
	placeholder = regexp.MustCompile(`\{\{.*?\}\}`)
)

const keyringService = "connectty"

// reveal reads a credential: a value, env:NAME or keyring:NAME.
func reveal(ref string) (string, error) {
	if name, ok := strings.CutPrefix(ref, "env:"); ok {
		return os.Getenv(name), nil
	}
	if name, ok := strings.CutPrefix(ref, "keyring:"); ok {
		return keyring.Get(keyringService, name)
	}
	return ref, nil
}

var errTemplate = errors.New("the template holds braces that name no credential")

// fill puts an account's credentials into a template. complete tells that none of
// them was empty.
func fill(template string, a *account) (text string, complete bool, err error) {
	complete = true
	text = field.ReplaceAllStringFunc(template, func(m string) string {
		value, revealErr := reveal(a.Credentials[field.FindStringSubmatch(m)[1]])
		if revealErr != nil {
			err = revealErr
		}
		complete = complete && value != ""
		return value
	})
	if placeholder.MatchString(field.ReplaceAllString(template, "")) {
		return "", false, errTemplate
	}
	return text, complete, err
}

// insert puts the credential into a request. Where the account has none, the
// request goes without: the upstream answers (connect-api.md, section 10).
func (in Insert) insert(req *http.Request, a *account) error {
	switch {
	case in.Header != "":
		value, complete, err := fill(in.Value, a)
		if err != nil {
			return err
		}
		req.Header.Del(in.Header) // the account's credential wins
		if complete {
			req.Header.Set(in.Header, value)
		}
	case in.Query != "":
		value, complete, err := fill(in.Value, a)
		if err != nil {
			return err
		}
		req.URL.RawQuery = replaceParam(req.URL.RawQuery, in.Query, value, complete)
	case in.Basic:
		user, known, err := fill(in.BasicUser, a)
		if err != nil {
			return err
		}
		password, _, err := fill(in.BasicPassword, a)
		if err != nil {
			return err
		}
		req.Header.Del("Authorization")
		if known {
			req.SetBasicAuth(user, password)
		}
	case in.Path != "":
		return in.prefix(req, a)
	}
	return nil
}

// prefix puts the filled template before the path.
func (in Insert) prefix(req *http.Request, a *account) error {
	text, complete, err := fill(in.Path, a)
	if err != nil || !complete {
		return err
	}
	escaped := strings.ReplaceAll(url.PathEscape(text), "%2F", "/")
	path := "/" + strings.Trim(escaped, "/") + req.URL.EscapedPath()
	plain, err := url.PathUnescape(path)
	if err != nil {
		return err
	}
	req.URL.Path, req.URL.RawPath = plain, path
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
