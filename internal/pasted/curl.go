package pasted

import (
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"github.com/connectty/connectty/proxy"
)

func isCurl(text string) bool {
	for _, start := range []string{"curl ", "curl.exe ", "$ curl "} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

// parse reads a command line as a shell does.
func parse(text string) (*syntax.File, error) {
	text = strings.TrimPrefix(text, "$ ")
	if strings.Contains(text, `^"`) { // as Windows' command prompt writes it
		text = strings.NewReplacer("^\r\n", " ", "^\n", " ", "^^", "^", "^", "").Replace(text)
	}
	return syntax.NewParser().Parse(strings.NewReader(text), "")
}

// Unfinished reports a command that goes on over the next line: its quotes are open, or a
// backslash ends it.
func Unfinished(text string) bool {
	_, err := parse(text)
	return syntax.IsIncomplete(err) || strings.HasSuffix(text, `\`)
}

// words parts a command line as a shell does. Variables stay as they are written; what
// would run another command is refused, but for what the answer is given to: notices name
// that.
func words(text string) (out, notices []string, err error) {
	file, err := parse(text)
	if err != nil {
		return nil, nil, &proxy.InputError{Field: "curl command", Reason: "cannot be read as a shell does: " + err.Error(), Hint: "look at its quotes"}
	}
	if len(file.Stmts) != 1 {
		return nil, nil, &proxy.InputError{Field: "curl command", Reason: "is more than one command", Hint: "paste the curl command alone"}
	}
	stmt := file.Stmts[0]
	for piped, is := stmt.Cmd.(*syntax.BinaryCmd); is && (piped.Op == syntax.Pipe || piped.Op == syntax.PipeAll); piped, is = stmt.Cmd.(*syntax.BinaryCmd) {
		if stmt = piped.X; len(notices) == 0 {
			notices = append(notices, "what the answer is piped to is left out")
		}
	}
	if len(stmt.Redirs) > 0 {
		notices = append(notices, "the file for the answer is left out")
	}
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	if !ok {
		return nil, nil, &proxy.InputError{Field: "curl command", Reason: "is more than one command", Hint: "paste the curl command alone"}
	}
	for _, r := range stmt.Redirs {
		if r.Op != syntax.RdrOut && r.Op != syntax.AppOut && r.Op != syntax.RdrAll && r.Op != syntax.DplOut {
			return nil, nil, &proxy.InputError{Field: "curl command", Reason: "reads from " + r.Op.String() + ", which is not read here", Hint: "put the content in its place"}
		}
	}
	cfg := &expand.Config{Env: expand.FuncEnviron(func(name string) string {
		if name == "IFS" { // where words are parted, not a variable of the command
			return ""
		}
		return "$" + name
	})}
	out, err = expand.Fields(cfg, call.Args...)
	if err != nil {
		return nil, nil, &proxy.InputError{Field: "curl command", Reason: "would run another command inside, and nothing is run here", Hint: "put that command's result in its place"}
	}
	return out, notices, nil
}

// The options of curl: those with a value that say something of the request, those
// with a value that do not, and those without.
var (
	telling = map[string]string{
		"X": "request", "H": "header", "d": "data", "F": "form", "u": "user", "b": "cookie", "A": "user-agent", "e": "referer",
		"request": "request", "header": "header", "data": "data", "data-ascii": "data", "data-raw": "data-raw", "data-binary": "data-binary",
		"data-urlencode": "data-urlencode", "json": "json", "form": "form", "form-string": "form-string", "user": "user", "cookie": "cookie",
		"user-agent": "user-agent", "referer": "referer", "url": "url", "T": "upload-file", "upload-file": "upload-file",
	}
	valued = strings.Fields(`o output m max-time connect-timeout x proxy c cookie-jar E cert key cacert capath w write-out retry retry-delay max-redirs
		K config D dump-header r range z time-cond limit-rate interface resolve dns-servers ciphers oauth2-bearer`)
	silent = strings.Fields(`compressed s silent S show-error v verbose L location f fail fail-with-body g globoff k insecure i include N no-buffer
		# progress-bar http1.1 http2 http3 0 1 2 3 4 6 ipv4 ipv6 tlsv1.2 tlsv1.3 no-progress-meter`)
)

// command collects what a curl command asks for.
type command struct {
	r    Request
	data []string
	form []pair
	get  bool // -G: the data is the query
	head bool
	json bool

	noType bool   // nothing is said of the body's type
	method string // of a request whose body is left out
}

type pair struct{ name, value string }

func readCurl(text string) (Request, error) {
	args, notices, err := words(text)
	if err != nil {
		return Request{}, err
	}
	c := &command{r: Request{Kind: Curl, Notices: notices}}
	args = args[1:]
	for len(args) > 0 {
		var err error
		if args, err = c.take(args); err != nil {
			return c.r, err
		}
	}
	return c.request()
}

// take reads one argument, with its value where it has one, and returns the rest.
func (c *command) take(args []string) ([]string, error) {
	arg := args[0]
	args = args[1:]
	var name, value string
	attached := false
	switch {
	case strings.HasPrefix(arg, "--"):
		name = arg[2:]
		if n, v, ok := strings.Cut(name, "="); ok { // curl does not, people do
			name, value, attached = n, v, true
		}
	case len(arg) > 1 && arg[0] == '-':
		name = arg[1:2]
		if rest := arg[2:]; rest != "" {
			if hasValue(name) {
				value, attached = rest, true
			} else {
				args = append([]string{"-" + rest}, args...) // -sSL
			}
		}
	default:
		return args, c.address(arg)
	}
	if hasValue(name) && !attached {
		if len(args) == 0 {
			return nil, &proxy.InputError{Field: "curl command", Value: arg, Reason: "lacks its value"}
		}
		value, args = args[0], args[1:]
	}
	return args, c.option(name, value, arg)
}

func hasValue(name string) bool { return telling[name] != "" || slices.Contains(valued, name) }

func (c *command) address(text string) error {
	if c.r.URL != "" {
		return &proxy.InputError{Field: "curl command", Value: text, Reason: "is a second URL", Hint: "one request at a time"}
	}
	c.r.URL = text
	return nil
}

func (c *command) option(name, value, arg string) error {
	switch long := telling[name]; long {
	case "request":
		c.r.Method = strings.ToUpper(value)
	case "header":
		n, v, ok := strings.Cut(value, ":")
		v = strings.TrimSpace(v)
		if empty, is := strings.CutSuffix(value, ";"); is && !ok { // as curl writes one without a value
			n, ok = empty, true
		} else if ok && v == "" { // it is not to be sent
			c.noType = c.noType || strings.EqualFold(n, "Content-Type")
			return nil
		}
		if !ok {
			c.ignore(arg + " " + value)
			return nil
		}
		c.header(strings.TrimSpace(n), v)
	case "data", "data-binary", "data-raw", "json":
		c.json = c.json || long == "json"
		if long != "data-raw" && strings.HasPrefix(value, "@") {
			c.leaveOut(http.MethodPost, "the file "+value[1:]+" is not read: put its content into the body")
			return nil
		}
		c.data = append(c.data, value)
	case "data-urlencode":
		c.data = append(c.data, encoded(value))
	case "form", "form-string":
		n, v, _ := strings.Cut(value, "=")
		if long == "form" && strings.HasPrefix(v, "@") {
			c.leaveOut(http.MethodPost, "the file of the field "+n+" is not read")
			return nil
		}
		c.form = append(c.form, pair{n, v})
	case "upload-file":
		c.leaveOut(http.MethodPut, "the file "+value+" is not read: put its content into the body")
	case "user":
		c.r.drop("-u", "the proxy inserts the account's credential")
	case "cookie":
		c.r.drop("-b", "it belongs to a browser's session")
	case "user-agent", "referer":
		c.header(http.CanonicalHeaderKey(long), value)
	case "url":
		return c.address(value)
	default:
		switch {
		case name == "G" || name == "get":
			c.get = true
		case name == "I" || name == "head":
			c.head = true
		case slices.Contains(silent, name), slices.Contains(valued, name):
		default:
			c.ignore(arg)
		}
	}
	return nil
}

// leaveOut notes that a part of the body is missing, of a request with a method of its own.
func (c *command) leaveOut(method, notice string) {
	c.r.Partial, c.method = true, method
	c.r.Notices = append(c.r.Notices, notice)
}

func (c *command) header(name, value string) {
	c.r.Headers = append(c.r.Headers, proxy.Field{Name: name, Value: value})
}

func (c *command) ignore(what string) {
	c.r.Notices = append(c.r.Notices, what+" is left out: it is not known here")
}

// encoded is a value of --data-urlencode: content, =content or name=content.
func encoded(value string) string {
	name, content, ok := strings.Cut(value, "=")
	switch {
	case !ok:
		return url.QueryEscape(value)
	case name == "":
		return url.QueryEscape(content)
	}
	return name + "=" + url.QueryEscape(content)
}

// request puts together what was collected.
func (c *command) request() (Request, error) {
	r := c.r
	if r.URL == "" {
		return r, &proxy.InputError{Field: "curl command", Reason: "names no URL"}
	}
	if strings.HasPrefix(r.URL, "$") {
		return r, &proxy.InputError{Field: "curl command", Value: r.URL, Reason: "takes its URL from a variable", Hint: "put the URL in its place"}
	}
	if !strings.Contains(r.URL, "://") && !strings.HasPrefix(r.URL, "/") {
		r.URL = "https://" + r.URL
	}
	data := strings.Join(c.data, "&")
	switch {
	case c.get && data != "":
		sep := "?"
		if strings.Contains(r.URL, "?") {
			sep = "&"
		}
		r.URL += sep + data
	case len(c.data) > 0:
		r.Body = []byte(data)
		if !c.noType {
			r.defaultType(c.json)
		}
	case len(c.form) > 0:
		if err := r.multipart(c.form); err != nil {
			return r, err
		}
	}
	switch {
	case r.Method != "":
	case c.head:
		r.Method = http.MethodHead
	case c.method != "" && !c.get:
		r.Method = c.method
	case r.Body != nil:
		r.Method = http.MethodPost
	default:
		r.Method = http.MethodGet
	}
	return r, nil
}

// defaultType is what curl says of a body of which the command says nothing.
func (r *Request) defaultType(isJSON bool) {
	if slices.ContainsFunc(r.Headers, func(h proxy.Field) bool { return strings.EqualFold(h.Name, "Content-Type") }) {
		return
	}
	kind := "application/x-www-form-urlencoded"
	if isJSON {
		kind = "application/json"
	}
	r.Headers = append(r.Headers, proxy.Field{Name: "Content-Type", Value: kind})
}

// multipart makes the body of a form.
func (r *Request) multipart(fields []pair) error {
	var b strings.Builder
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if err := w.WriteField(f.name, f.value); err != nil {
			return fmt.Errorf("form field %s: %w", f.name, err)
		}
	}
	if err := errors.Join(w.Close()); err != nil {
		return err
	}
	r.Body = []byte(b.String())
	r.Headers = append(r.Headers, proxy.Field{Name: "Content-Type", Value: w.FormDataContentType()})
	return nil
}
