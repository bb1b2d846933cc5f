// OAuth2 and OpenID Connect, driven by openid-client: what an app written with it can do. Prints a line for each check.

import * as client from "openid-client";

const [issuer, school, username, password] = process.argv.slice(2);
const apps = JSON.parse(process.env.HOMEROOM_APPS); // as `POST /v2/organizations/apps` answered
const callback = apps.confidential.redirectUris[0];
const insecure = { execute: [client.allowInsecureRequests] }; // the server of the run is on this machine

// A browser without a screen.
const cookies = new Map();
let csrf = "";

async function see(address, options = {}) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = { cookie, ...options.headers };
  const page = await fetch(new URL(address, issuer), { redirect: "manual", ...options, headers });
  for (const line of page.headers.getSetCookie()) {
    const [name, ...value] = line.split(";")[0].split("=");
    cookies.set(name, value.join("="));
  }
  const text = await page.text();
  csrf = text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? csrf;
  return { status: page.status, location: page.headers.get("location"), text };
}

const send = (address, fields) => see(address, { method: "POST", body: new URLSearchParams({ ...fields, csrf }) });

async function signIn() {
  await see(`/o/${school}/auth/signin`);
  const page = await send(`/o/${school}/auth/signin`, { name: username, password, next: "" });
  equal(page.status, 303, page.text);
}

// Opens what an app asks, and allows it: where the app is told.
async function allow(address) {
  const page = await see(address.href);
  if (page.location) return new URL(page.location);
  equal(page.status, 200, page.text);
  const gone = await send("/auth/oauth", { request: address.search.slice(1), decision: "allow" });
  equal(gone.status, 303, gone.text);
  return new URL(gone.location);
}

function equal(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: expected ${expected}, got ${actual}`);
}

async function refused(promise, code) {
  const error = await promise.then(() => { throw new Error(`this should have been refused with ${code}`); }, (e) => e);
  equal(error.error ?? error.cause?.error, code, error.message);
}

const discover = (app, authentication) =>
  client.discovery(new URL(issuer), app.id, app.secret, authentication, insecure);

async function tokens(config, more = {}) {
  const [verifier, nonce, state] = [client.randomPKCECodeVerifier(), client.randomNonce(), client.randomState()];
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: callback, scope: "openid profile email account.public_profile", nonce, state,
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", ...more,
  });
  const told = await allow(address);
  return client.authorizationCodeGrant(config, told, {
    pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true,
    ...(more.max_age ? { maxAge: Number(more.max_age) } : {}),
  });
}

const checks = {
  async "an app finds out by itself where everything is, and gets tokens"() {
    const config = await discover(apps.confidential);
    const got = await tokens(config);
    equal(got.claims().name, "Clara Schümann", "name");
    const me = await client.fetchProtectedResource(config, got.access_token, new URL("/v2/me", issuer), "GET");
    equal((await me.json()).username, username, "me");
  },
  async "the secret may be sent in the header or in the body"() {
    await tokens(await discover(apps.confidential, client.ClientSecretBasic(apps.confidential.secret)));
    await tokens(await discover(apps.confidential, client.ClientSecretPost(apps.confidential.secret)));
  },
  async "the signature of the id_token is checked by the published keys, and at_hash and auth_time hold"() {
    const config = await discover(apps.confidential);
    client.enableNonRepudiationChecks(config);
    const got = await tokens(config, { max_age: "3600" });
    equal(typeof got.claims().auth_time, "number", "auth_time");
  },
  async "a public app needs no secret"() {
    const got = await tokens(await discover(apps.public, client.None()));
    equal(typeof got.refresh_token, "string", "refresh_token");
  },
  async "userinfo tells the same person"() {
    const config = await discover(apps.confidential);
    const got = await tokens(config);
    const info = await client.fetchUserInfo(config, got.access_token, got.claims().sub);
    equal(info.email, `${username}@school.example`, "email");
  },
  async "a refresh token works once, and a copy of it ends all"() {
    const config = await discover(apps.confidential);
    const first = await tokens(config);
    const second = await client.refreshTokenGrant(config, first.refresh_token);
    await refused(client.refreshTokenGrant(config, first.refresh_token), "invalid_grant");
    await refused(client.refreshTokenGrant(config, second.refresh_token), "invalid_grant");
  },
  async "a token can be inspected and given back"() {
    const config = await discover(apps.confidential);
    const got = await tokens(config);
    equal((await client.tokenIntrospection(config, got.access_token)).active, true, "active");
    await client.tokenRevocation(config, got.access_token);
    equal((await client.tokenIntrospection(config, got.access_token)).active, false, "active");
  },
  async "an organization's own script acts for itself"() {
    const config = await discover(apps.script);
    const got = await client.clientCredentialsGrant(config, { scope: "edu.admin.users" });
    const address = new URL("/v2/organizations/users/count", issuer);
    const count = await client.fetchProtectedResource(config, got.access_token, address, "GET");
    equal(count.status, 200, "status");
  },
  async "who is not asked is told so"() {
    const config = await discover(apps.confidential);
    await refused(tokens(config, { prompt: "none", scope: "openid account.email" }), "consent_required");
  },
  async "a wrong secret is refused"() {
    const wrong = tokens(await discover({ ...apps.confidential, secret: "wrong" }));
    const error = await wrong.then(() => ({}), (error) => error);
    equal(error.code, "OAUTH_WWW_AUTHENTICATE_CHALLENGE", "what the library makes of a 401"); // RFC 9110 §11.6.1
    equal(error.status, 401, "status");
  },
};

await signIn();
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error.message} ${error.cause ? JSON.stringify(error.cause) : ""}`);
  }
}
process.exit(failed ? 1 : 0);
