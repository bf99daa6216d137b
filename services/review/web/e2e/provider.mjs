/**
 * A certified OpenID Connect provider, as a region might have one, with made-up people. It prints where it listens. Whom it has signed out
 * it tells at the address that is written to its standard input.
 *
 * Anybody's password is right. Who somebody is follows from the login name, by the table below.
 */

import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

/** What the provider says of people, in its own words: Samspil's are in the configuration of the test. */
const people = {
  anna: { name: "Anna Nørgaard", unit: "hedensted", groups: ["staff", "sp-nurse"], acr: "nsis:substantial" },
  soeren: { name: "Søren Holm", unit: "990000000006008", groups: ["sp-specialist"], acr: "nsis:substantial" },
  weak: { name: "Vibeke Svag", unit: "hedensted", groups: ["sp-nurse"], acr: "nsis:low" },
  stranger: { name: "Frede Fremmed", unit: "hedensted", groups: ["staff"], acr: "nsis:substantial" },
};

/** The one resource: without it the provider gives opaque tokens, which say nothing to anybody else. */
const RESOURCE = "urn:samspil";

const accessSeconds = Number(process.env.ACCESS_SECONDS ?? 300);

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

/** Where Samspil is: it is started after its provider, whose clients' addresses are settled by then. */
let samspil;
createInterface({ input: process.stdin }).on("line", (line) => {
  samspil = line;
});

const provider = new Provider(issuer, {
  // It asks nobody but those whom it tells of a sign-out, and by itself nobody on this machine.
  fetch: (_, { dispatcher, ...request }) => fetch(samspil, request),
  jwks: { keys: [{ ...key, kid: "of-the-test", use: "sig", alg: "RS256" }] },
  clients: [
    {
      client_id: "samspil-web",
      token_endpoint_auth_method: "none",
      application_type: "native",
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: ["http://127.0.0.1/signed-in"],
      post_logout_redirect_uris: ["http://127.0.0.1/"],
      backchannel_logout_uri: `${issuer}/told`,
      backchannel_logout_session_required: true,
    },
    {
      client_id: "samspil-cli",
      token_endpoint_auth_method: "none",
      application_type: "native",
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
      redirect_uris: [],
      response_types: [],
    },
    {
      client_id: "setup",
      client_secret: "of-the-test",
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    },
    {
      client_id: "unlisted",
      client_secret: "of-the-test",
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    },
  ],
  clientBasedCORS: () => true,
  pkce: { required: () => true },
  scopes: ["openid", "profile", "offline_access"],
  claims: { openid: ["sub"], profile: ["name"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: people[id]?.name }) }),
  extraTokenClaims: (_, token) => people[token.accountId],
  ttl: { AccessToken: accessSeconds, ClientCredentials: accessSeconds },
  // The page asks for no consent again at each renewal.
  issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
  features: {
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "",
        audience: "samspil",
        accessTokenFormat: "jwt",
        accessTokenTTL: accessSeconds,
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
});

server.on("request", provider.callback());
console.log(issuer);
