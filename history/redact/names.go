package redact

import "strings"

// exact are names, without case, hyphens and underscores, whose values are
// secret.
var exact = map[string]bool{
	"authorization": true, "proxyauthorization": true, "cookie": true, "setcookie": true, "cookie2": true,
	"apikey": true, "appkey": true, "applicationkey": true, "secret": true, "clientsecret": true, "password": true,
	"passwd": true, "pwd": true, "passphrase": true, "token": true, "sig": true, "signature": true, "privatekey": true,
	"credential": true, "credentials": true, "sessionid": true, "pin": true, "cvc": true, "cvv": true, "otp": true,
	"xamzsecuritytoken": true, "authenticitytoken": true, "accesskey": true, "secretkey": true,
}

// endings mark a name as secret wherever they stand at its end.
var endings = []string{
	"token", "secret", "password", "apikey", "accesskey", "secretkey", "privatekey", "applicationkey", "signature",
}

// harmless are names that end like a secret's and are none.
var harmless = map[string]bool{
	"nextpagetoken": true, "pagetoken": true, "nexttoken": true, "continuationtoken": true, "synctoken": true,
	"nextsynctoken": true, "startpagetoken": true, "tokentype": true,
}

var normalize = strings.NewReplacer("-", "", "_", "", " ", "", ".", "")

// Sensitive reports whether a header, parameter or member of this name holds a
// secret.
func Sensitive(name string) bool {
	n := normalize.Replace(strings.ToLower(name))
	if harmless[n] {
		return false
	}
	if exact[n] {
		return true
	}
	for _, end := range endings {
		if strings.HasSuffix(n, end) {
			return true
		}
	}
	return false
}
