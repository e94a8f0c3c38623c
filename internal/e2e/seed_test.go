package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// seedURL is the URL of the seed document, and what it is encoded as there.
const (
	seedEncoded = "aHR0cHM6Ly9zbGFjay5jb20vYXBpL2NoYXQucG9zdE1lc3NhZ2U"
	seedUser    = "abc-123"
	seedAccount = "apn_1234567"
)

// The seed document's curl example, with its placeholders and the host filled in.
func TestSeedCurl(t *testing.T) {
	t.Parallel()
	curl, sh := tool(t, "curl"), tool(t, "sh")
	_ = curl
	s := sandbox(t)
	script := example(t, "seed.sh")
	token, call, _ := strings.Cut(script, "# The response will include")
	fill := strings.NewReplacer(
		"https://api.pipedream.com", s.http,
		"{your_oauth_client_id}", s.env["PIPEDREAM_CLIENT_ID"],
		"{your_oauth_client_secret}", s.env["PIPEDREAM_CLIENT_SECRET"],
		"{your_project_id}", s.env["PIPEDREAM_PROJECT_ID"],
		"{url_safe_base64_encoded_url}", seedEncoded,
		"{external_user_id}", seedUser,
		"{apn_xxxxxxx}", seedAccount,
		"{development | production}", "development",
	)
	var granted struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
	}
	decode(t, run(t, sh, fill.Replace(token)), &granted)
	if granted.AccessToken == "" || granted.TokenType != "Bearer" {
		t.Fatalf("no token: %+v", granted)
	}
	call = fill.Replace("# The response will include" + strings.ReplaceAll(call, "{access_token}", granted.AccessToken))
	checkPosted(t, run(t, sh, call))
}

// The seed document's SDK example at SDK 1.8.0, over TLS as that version demands.
func TestSeedSDK(t *testing.T) {
	t.Parallel()
	node, sdk := modules(t)
	certificates := t.TempDir()
	s := sandbox(t, "--tls-addr", "127.0.0.1:0", "--tls-dir", certificates)
	quoted := func(v string) string { return `"` + v + `"` }
	script := strings.NewReplacer(
		"{host}", quoted(strings.TrimPrefix(s.https, "https://")),
		"{development | production}", quoted("development"),
		"{your_pipedream_project_i_d}", quoted(s.env["PIPEDREAM_PROJECT_ID"]),
		"{your_oauth_client_id}", quoted(s.env["PIPEDREAM_CLIENT_ID"]),
		"{your_oauth_client_secret}", quoted(s.env["PIPEDREAM_CLIENT_SECRET"]),
		"{account_id}", seedAccount,
		"{external_user_id}", seedUser,
		"console.log(resp)", "console.log(JSON.stringify(resp))",
	).Replace(example(t, "seed.mjs"))
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-e", script)
	cmd.Dir = sdk
	cmd.Env = append(surroundings(t.TempDir()), "NODE_EXTRA_CA_CERTS="+filepath.Join(certificates, "ca.pem"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	checkPosted(t, out)
}

// checkPosted reads Slack's answer to chat.postMessage.
func checkPosted(t *testing.T, out []byte) {
	t.Helper()
	var answer struct {
		OK      bool   `json:"ok"`
		Channel string `json:"channel"`
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
	}
	decode(t, out, &answer)
	if !answer.OK || answer.Channel != "C03NA8B4VA9" || answer.Message.Text != "hello, world" {
		t.Errorf("the message was not posted: %s", out)
	}
}

// tool finds a program that a bare machine may lack.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("skipped: this machine has no %s", name)
	}
	return path
}

func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func run(t *testing.T, sh, script string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), sh, "-c", script)
	cmd.Env = surroundings(t.TempDir())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return out
}

func decode(t *testing.T, data []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%v in %q", err, data)
	}
}
