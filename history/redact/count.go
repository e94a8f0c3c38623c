package redact

import (
	"maps"
	"slices"
	"strings"
)

// Count is how many different values of a kind were replaced or masked.
type Count struct {
	Kind string // in the singular: email, id or one that was given; "Slack token"
	N    int
}

// kinds collects values by their kind.
type kinds map[string]map[string]bool

func (k *kinds) add(kind, value string) {
	if *k == nil {
		*k = kinds{}
	}
	if (*k)[kind] == nil {
		(*k)[kind] = map[string]bool{}
	}
	(*k)[kind][value] = true
}

func (k *kinds) counts() []Count {
	var out []Count
	for _, kind := range slices.Sorted(maps.Keys(*k)) {
		out = append(out, Count{kind, len((*k)[kind])})
	}
	return out
}

// Kinds of secrets that no issuer names.
const (
	ownSecret   = "secret of connectty's own" // a given value
	plainSecret = "secret"                    // it stands under a name that says so
)

// issued are the kinds of the tokens of well-known issuers, by how they begin.
var issued = []struct{ begins, kind string }{
	{"xox", "Slack token"},
	{"xapp-", "Slack token"},
	{"gh", "GitHub token"},
	{"github_pat_", "GitHub token"},
	{"glpat-", "GitLab token"},
	{"sk_", "Stripe key"},
	{"rk_", "Stripe key"},
	{"sk-", "API key"},
	{"AKIA", "AWS key"},
	{"ASIA", "AWS key"},
	{"eyJ", "JSON web token"},
	{"ya29.", "Google token"},
	{"AIza", "Google key"},
	{"SG.", "SendGrid key"},
	{"shp", "Shopify token"},
	{"ctok_", "Connect token"},
	{"-----BEGIN", "private key"},
}

// kindOfSecret names a secret by its issuer, where its shape tells.
func kindOfSecret(secret string) string {
	for _, i := range issued {
		if strings.HasPrefix(secret, i.begins) && known().FindString(secret) == secret {
			return i.kind
		}
	}
	return plainSecret
}
