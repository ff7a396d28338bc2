// Package people says what accounts are called on what is published: whom a text names, and who
// made or changed something. The two are asked for apart, since what a site shows of its authors
// is not for the texts to say. Ids of accounts are never shown.
package people

import "agc-export/fetch/wiki"

// People are the accounts that a mirror knows.
type People struct{ users map[string]wiki.User }

// Of makes them of what the mirror answers when it is asked for its accounts, by id.
func Of(users map[string]wiki.User, err error) (People, error) { return People{users: users}, err }

// Known reports whether an account has a name.
func (p People) Known(id string) bool { return p.users[id].DisplayName != "" }

// Name is what an account is called that a text names: its display name or a general word,
// "" for no account.
func (p People) Name(id string) string {
	switch {
	case p.Known(id):
		return p.users[id].DisplayName
	case id == "":
		return ""
	}
	return "unknown user"
}

// Author is what an account is called as the one who made or changed something, "" for no account.
func (p People) Author(id string) string { return p.Name(id) }

// HasPage reports whether an account has a page of what it made.
func (p People) HasPage(id string) bool { return p.Known(id) }
