package redact

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// markers are what a known token cannot be without: text that has none of them
// need not be searched.
var markers = []string{
	"xox", "xapp-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk-",
	"AKIA", "ASIA", "eyJ", "ya29.", "AIza", "SG.", "shpat_", "shpca_", "shppa_", "shpss_", "ctok_", "earer ", "asic ", "PRIVATE KEY", "npm_", "hooks.slack.com", "hf_", "dop_v1_", "lin_api_", "ntn_", "pat-", "figd_",
	"xkeysib-", "whsec_", "sq0", ":AA",
}

// known matches the tokens of well-known issuers. The first group stays.
var known = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)(` + strings.Join([]string{
		`\b[Bb]earer `, `\b[Bb]asic `, // kept, as the words say what it was
	}, "|") + `)[A-Za-z0-9._~+/=:-]{8,}|` + strings.Join([]string{
		`xox[abeprs]-[A-Za-z0-9-]{4,}`, `\bxapp-[A-Za-z0-9-]{8,}`, // Slack
		`\bgh[opsur]_[A-Za-z0-9]{4,}`, `\bgithub_pat_[A-Za-z0-9_]{8,}`, // GitHub
		`\bglpat-[A-Za-z0-9_-]{8,}`,                                    // GitLab
		`\b[sr]k_(?:live|test)_[A-Za-z0-9]{4,}`,                        // Stripe
		`\bsk-[A-Za-z0-9_-]{16,}`,                                      // OpenAI, Anthropic
		`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,                                // AWS
		`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`, // JWT
		`\bya29\.[A-Za-z0-9_-]{8,}`, `\bAIza[0-9A-Za-z_-]{20,}`,        // Google
		`\bSG\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`,                                // SendGrid
		`\bshp(?:at|ca|pa|ss)_[A-Za-z0-9]{8,}`,                                      // Shopify
		`\bctok_[0-9a-f]{32}\b`,                                                     // Pipedream Connect
		`\bnpm_[A-Za-z0-9]{20,}`, `\bhf_[A-Za-z0-9]{20,}`, `\bdop_v1_[0-9a-f]{32,}`, // npm, Hugging Face, DigitalOcean
		`hooks\.slack\.com(?:/|%2[Ff])(?:services|workflows|triggers)(?:/|%2[Ff])[A-Za-z0-9/%]{16,}`, // whoever knows it may post
		`\blin_api_[A-Za-z0-9]{20,}`, `\bntn_[A-Za-z0-9]{20,}`, // Linear, Notion
		`\bpat-[a-z]{2}\d-[0-9a-f-]{30,}`, `\bfigd_[A-Za-z0-9_-]{20,}`, // HubSpot, Figma
		`\bxkeysib-[0-9a-f]{32,}[A-Za-z0-9-]*`, `\bwhsec_[A-Za-z0-9+/=]{16,}`, // Brevo, Stripe's and others' webhooks
		`\bsq0[a-z]{3}-[A-Za-z0-9_-]{20,}`, `\b\d{8,10}:AA[A-Za-z0-9_-]{30,}`, // Square, Telegram
		`-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`,
	}, "|"))
})

// shapes masks tokens of well-known issuers, also where they stand in Base64.
func (m *Masker) shapes(s string) string { return m.coded(m.plain(s)) }

// hasMarker reports that a text may hold a known token.
func hasMarker(s string) bool {
	return slices.ContainsFunc(markers, func(marker string) bool { return strings.Contains(s, marker) })
}

// leastCoded is how long a run of Base64 must be to hold a token.
const leastCoded = 16

// coded masks runs of Base64 that hold a known token.
func (m *Masker) coded(s string) string {
	var out strings.Builder
	from := 0
	for i := 0; i < len(s); {
		n := 0
		for i+n < len(s) && isCoded(s[i+n]) {
			n++
		}
		if n >= leastCoded && holdsToken(s[i:i+n]) {
			m.note(s[i : i+n])
			out.WriteString(s[from:i] + Mask)
			from = i + n
			for from < len(s) && s[from] == '=' {
				from++
			}
		}
		i += n + 1
	}
	if from == 0 {
		return s
	}
	return out.String() + s[min(from, len(s)):]
}

func isCoded(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-' || c == '_'
}

// holdsToken reports that Base64, of either alphabet, holds a known token.
func holdsToken(run string) bool {
	enc := base64.RawStdEncoding
	if strings.ContainsAny(run, "-_") {
		enc = base64.RawURLEncoding
	}
	if len(run)%4 == 1 { // no Base64 is that long: a sign too many
		run = run[:len(run)-1]
	}
	text, err := enc.DecodeString(run)
	return err == nil && hasMarker(string(text)) && known().Match(text)
}

// plain masks tokens that stand in a text as they are.
func (m *Masker) plain(s string) string {
	if !hasMarker(s) {
		return s
	}
	var out strings.Builder
	from := 0
	for _, at := range known().FindAllStringSubmatchIndex(s, -1) {
		begin := at[0]
		if at[3] > 0 { // the word before it stays
			begin = at[3]
			if !credential(s[at[2]:at[3]], s[begin:at[1]]) {
				continue
			}
		}
		m.note(s[begin:at[1]])
		out.WriteString(s[from:begin] + Mask)
		from = at[1]
	}
	return out.String() + s[from:]
}

// credential tells what may stand behind Bearer and Basic from words of a language:
// "the basic functionality", "bearer authentication", "Bearer authorization_uri=".
func credential(scheme, word string) bool {
	if strings.EqualFold(strings.TrimSpace(scheme), "basic") {
		_, ok := login(word)
		return ok
	}
	return random(word) || strings.ContainsAny(strings.TrimRight(word, ".:-_"), "._~+/-") && !strings.HasSuffix(word, "=")
}

var people = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}|\+\d[\d ()./-]{7,}\d|\b\d(?:[ -]?\d){12,18}\b`)
})
