package export

import (
	"fmt"
	"strconv"
	"strings"
)

// golang writes calls for the package proxy.
type golang struct {
	clients clients
}

func (*golang) comment() (indent, mark string) { return "\t", "//" }
func (*golang) apart() string                  { return "\tfmt.Println()\n\n" }
func (*golang) leave(about string) string      { return about }
func (*golang) refuse(c *call) string          { return c.addressed() }

func (*golang) begin() string {
	return `package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/connectty/connectty/proxy"
)

var failed bool

func connect(project string, environment proxy.Environment, base string) *proxy.Client {
	client, err := proxy.New(proxy.Options{
		ProjectID: project, Environment: environment, BaseURL: base,
		ClientID: os.Getenv("PIPEDREAM_CLIENT_ID"), ClientSecret: os.Getenv("PIPEDREAM_CLIENT_SECRET"),
	})
	if err != nil {
		log.Fatal(err)
	}
	return client
}

func send(client *proxy.Client, request proxy.Request, body string) {
	if body != "" {
		request.Body = strings.NewReader(body)
	}
	answer, err := client.Do(context.Background(), &request)
	if err == nil {
		fmt.Fprintln(os.Stderr, answer.Status)
		_, err = io.Copy(os.Stdout, answer.Body)
		answer.Body.Close()
	}
	if err != nil {
		log.Print(err)
		failed = true
	}
}

func main() {
`
}

func (g *golang) write(c *call, about string) string {
	var b strings.Builder
	b.WriteString(about)
	client, first := g.clients.of(c)
	if first {
		fmt.Fprintf(&b, "\t%s := connect(%q, %q, %q)\n", client, c.x.ProjectID, c.x.Environment, c.base())
	}
	fmt.Fprintf(&b, "\tsend(%s, proxy.Request{\n\t\tMethod: %q, URL: %q,\n\t\tExternalUserID: %q, AccountID: %q,\n", client, c.method(), c.url, c.x.ExternalUserID, c.x.Account.ID)
	if len(c.headers) > 0 {
		b.WriteString("\t\tHeader: []proxy.Field{\n")
		for _, h := range c.headers {
			fmt.Fprintf(&b, "\t\t\t{Name: %q, Value: %q},\n", h.Name, h.Value)
		}
		b.WriteString("\t\t},\n")
	}
	return b.String() + "\t}, " + strconv.Quote(string(c.body)) + ")\n"
}

func (*golang) end() string {
	return `	if failed {
		os.Exit(1)
	}
}
`
}

// clients are the names that a script has for its clients.
type clients map[[3]string]string

// of is the name of a call's client, and whether it is new.
func (k *clients) of(c *call) (name string, first bool) {
	key := [3]string{c.x.ProjectID, string(c.x.Environment), c.base()}
	if name, ok := (*k)[key]; ok {
		return name, false
	}
	if *k == nil {
		*k = clients{}
	}
	name = "client"
	if len(*k) > 0 {
		name += strconv.Itoa(len(*k) + 1)
	}
	(*k)[key] = name
	return name, true
}
