package diagnose

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"

	"github.com/connectty/connectty/proxy"
)

func judgeError(in Input) Finding {
	var api *proxy.APIError
	var input *proxy.InputError
	var network *proxy.NetworkError
	var timeout *proxy.TimeoutError
	switch {
	case errors.As(in.Err, &api):
		return judgeRefusal(in, api)
	case errors.As(in.Err, &input):
		return Finding{
			Who: Request, Code: "refused_here", Summary: input.Error(), Evidence: []string{"nothing was sent"},
			Next: []Step{{Text: cmp.Or(input.Hint, "mend the request and send it again"), Actor: You}},
		}
	case errors.As(in.Err, &timeout):
		return judgeTimeout(in, timeout)
	case errors.Is(in.Err, context.Canceled):
		return Finding{
			Who: Unknown, Code: "cancelled",
			Summary: fmt.Sprintf("cancelled here; %s may have acted all the same", in.host()),
		}
	case errors.As(in.Err, &network):
		return judgeNetwork(in, network)
	case errors.Is(in.Err, proxy.ErrNotFound):
		k := in.facts()
		v, _ := k.first(notHere) // its last row needs nothing
		f := v.finding(k, []string{in.Err.Error()})
		f.Code = "connect_" + v.code
		return f
	}
	return Finding{Who: Unknown, Code: "error", Summary: in.Err.Error()}
}

// networkRule judges a fault of the network by the phase that it broke off, and
// by its cause. The first row that holds wins. {at} is the host that was spoken to.
type networkRule struct {
	phase   string // empty for any
	cause   func(error) bool
	verdict verdict
}

var checkBase = Step{"check the base URL, the network and any proxy in between", You, ""}

var networkRules = []networkRule{
	{"dns", nxdomain, verdict{Network, "network_dns", "there is no host of the name {at}", []Step{{"check the base URL, then the network", You, ""}}, ""}},
	{"dns", nil, verdict{Network, "network_dns", "the name of {at} could not be resolved from here", []Step{{"check the network and the base URL", You, ""}}, ""}},
	{"connect", is(syscall.ECONNREFUSED), verdict{Network, "network_connect", "{at} could not be reached from here: nothing listens there", []Step{checkBase}, ""}},
	{"connect", nil, verdict{Network, "network_connect", "{at} could not be reached from here", []Step{checkBase}, ""}},
	{"tls", as[x509.CertificateInvalidError], verdict{Network, "network_tls", "no secure connection to {at}: its certificate is not valid now", []Step{{"check the clock here, then the certificate there", You, ""}}, ""}},
	{"tls", as[x509.HostnameError], verdict{Network, "network_tls", "no secure connection to {at}: the certificate is another host's", []Step{{"check the base URL; look for a proxy that inspects TLS", You, ""}}, ""}},
	{"tls", as[x509.UnknownAuthorityError], verdict{Network, "network_tls", "no secure connection to {at}: nobody who is trusted here signed its certificate", []Step{{"look for a proxy that inspects TLS", You, ""}}, ""}},
	{"tls", as[tls.RecordHeaderError], verdict{Network, "network_tls", "no secure connection to {at}: it does not speak TLS", []Step{{"check scheme and port of the base URL", You, ""}}, ""}},
	{"tls", is(http.ErrSchemeMismatch), verdict{Network, "network_tls", "no secure connection to {at}: it does not speak TLS", []Step{{"check scheme and port of the base URL", You, ""}}, ""}},
	{"tls", nil, verdict{Network, "network_tls", "no secure connection to {at}: its certificate was not accepted here", []Step{{"look for a proxy that inspects TLS, and for a wrong clock", You, ""}}, ""}},
	{"body", nil, verdict{Unknown, "cut_off", "the answer broke off before its end; what came is shown", []Step{{"send it again; if it breaks off again, ask for less at a time", You, "r"}}, ""}},
	{"", is(syscall.ECONNRESET, syscall.EPIPE), verdict{Network, "network_wait", "the connection to {at} was reset; whether {host} acted is not known", []Step{askFirst}, ""}},
	{"", is(io.EOF, io.ErrUnexpectedEOF), verdict{Network, "network_wait", "{at} closed the connection without an answer; whether {host} acted is not known", []Step{askFirst}, ""}},
	{"", nil, verdict{Network, "network_wait", "the connection to {at} broke; whether {host} acted is not known", []Step{askFirst}, ""}},
}

var askFirst = Step{"look at {host} whether it was done before you send it again", You, "r"}

func nxdomain(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

func is(targets ...error) func(error) bool {
	return func(err error) bool {
		for _, t := range targets {
			if errors.Is(err, t) {
				return true
			}
		}
		return false
	}
}

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func judgeNetwork(in Input, e *proxy.NetworkError) Finding {
	k := in.facts()
	k["at"] = e.Host
	evidence := []string{quote(e.Error())}
	if in.Status > 0 {
		evidence = append(evidence, in.statusLine())
	}
	for _, rule := range networkRules {
		if (rule.phase == "" || rule.phase == e.Phase) && (rule.cause == nil || rule.cause(e.Err)) {
			f := rule.verdict.finding(k, evidence)
			if e.Phase == "send" {
				f.Code = "network_send"
			}
			return f
		}
	}
	return Finding{Who: Network, Code: "network_" + e.Phase, Summary: e.Error(), Evidence: evidence}
}

// timeoutRules judge a limit of ours that ran out, by the phase that was under way.
var timeoutRules = map[string]verdict{
	"dns":     {Network, "timeout", "the name of {at} was not resolved within {after}: nothing was sent", []Step{{"check the network", You, ""}}, ""},
	"connect": {Network, "timeout", "{at} did not take the connection within {after}: nothing was sent", []Step{checkBase}, ""},
	"tls":     {Network, "timeout", "no secure connection to {at} came about within {after}: nothing was sent", []Step{checkBase}, ""},
	"body":    {Unknown, "timeout", "no end of the answer after {after}; what came is shown", []Step{{"ask for less, or allow more time with --timeout", You, ""}}, ""},
	"":        {Unknown, "timeout", "no end of the answer after {after}; whether {host} acted is not known", []Step{{"ask for less, or allow more time with --timeout", You, ""}}, ""},
}

func judgeTimeout(in Input, e *proxy.TimeoutError) Finding {
	k := in.facts()
	k["at"], k["after"] = e.Host, e.After.String()
	v, ok := timeoutRules[e.Phase]
	if !ok {
		v = timeoutRules[""]
	}
	evidence := []string{e.Error()}
	if e.After > 2*nearlyTimeout && v.who == Unknown {
		evidence = append(evidence, "Connect itself gives an upstream 30 s, then answers 504: it did not")
	}
	return v.finding(k, evidence)
}
