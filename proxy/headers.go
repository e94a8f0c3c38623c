package proxy

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// prefix marks a header that Connect hands on to the upstream.
const prefix = "x-pd-proxy-"

// Why Connect refuses to hand a header on, completing "header NAME …".
const (
	ofConnection = "is one that Connect refuses: it sets it for its own connection to the API"
	ofBrowser    = "is one that Connect refuses: it is a browser's, and this call comes from none"
)

// restricted are the headers that Connect refuses to hand on (connect-api.md,
// "Headers").
var restricted = map[string]string{
	"accept-encoding": ofConnection, "connection": ofConnection, "content-length": ofConnection, "date": ofConnection,
	"expect": ofConnection, "host": ofConnection, "keep-alive": ofConnection, "te": ofConnection, "trailer": ofConnection,
	"transfer-encoding": ofConnection, "upgrade": ofConnection, "user-agent": ofConnection, "via": ofConnection,
	"access-control-request-headers": ofBrowser, "access-control-request-method": ofBrowser, "dnt": ofBrowser,
	"origin": ofBrowser, "permissions-policy": ofBrowser, "referer": ofBrowser,
	"cookie": "is one that Connect refuses: it inserts the credential, and passes no session on",
}

// RestrictedHeader tells whether Connect refuses to hand a header on to the
// upstream, and in words why, completing "header NAME …". The name is the
// upstream's, without the x-pd-proxy- prefix, in any case.
func RestrictedHeader(name string) (why string, yes bool) {
	lower := strings.ToLower(name)
	if why, yes := restricted[lower]; yes {
		return why, true
	}
	switch {
	case strings.HasPrefix(lower, "proxy-"):
		return "belongs to the family Proxy-* that Connect refuses: it is for one connection only", true
	case strings.HasPrefix(lower, "sec-"):
		return "belongs to the family Sec-* that Connect refuses: only browsers send it", true
	}
	return "", false
}

// outgoing turns the upstream's headers into those of the call to Connect. A
// name that carries the prefix already, as copied from the documentation, is
// not prefixed twice.
func outgoing(fields []Field, hasBody bool) (header http.Header, notes []string, err error) {
	header = http.Header{}
	for _, f := range fields {
		name, copied := cutPrefix(f.Name)
		if copied {
			notes = append(notes, fmt.Sprintf("header %s: the prefix %s is added by itself, and was not added twice", name, prefix))
		}
		if err := checkField(name, f.Value); err != nil {
			return nil, nil, err
		}
		header[prefix+name] = append(header[prefix+name], f.Value)
		if hasBody && strings.EqualFold(name, "Content-Type") {
			header.Set("Content-Type", f.Value)
		}
	}
	return header, notes, nil
}

// cutPrefix takes one prefix off a name, in any case. It compares bytes, as
// lower-casing a stranger's name can change its length.
func cutPrefix(name string) (rest string, found bool) {
	if len(name) < len(prefix) || !strings.EqualFold(name[:len(prefix)], prefix) {
		return name, false
	}
	return name[len(prefix):], true
}

func checkField(name, value string) error {
	field := "header"
	if httpguts.ValidHeaderFieldName(name) {
		field += " " + name
	}
	switch {
	case name == "":
		return &InputError{Field: field, Reason: "has no name", Hint: "write it as Name: value"}
	case !httpguts.ValidHeaderFieldName(name):
		return &InputError{Field: field, Value: shorten(name), Reason: "is no header name", Hint: "use letters, digits and hyphens"}
	case !httpguts.ValidHeaderFieldValue(value):
		return &InputError{Field: field, Reason: "holds a line break or a control character", Hint: "leave it out"}
	}
	if why, yes := RestrictedHeader(name); yes {
		return &InputError{Field: field, Reason: why, Hint: "leave it out"}
	}
	return nil
}
