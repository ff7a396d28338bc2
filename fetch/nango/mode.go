package nango

// The ways to Atlassian's API (fetch.Config.Mode).
const (
	ModeProxy       = "proxy"       // through Nango, which keeps the credentials
	ModeCredentials = "credentials" // straight, with an access token that Nango gives
)
