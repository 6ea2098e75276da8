// Passkeys, by two conventions:
//
//   <form method="post" data-act="vote">      gets a proof before it is sent. With a code typed into
//       proof_code it goes as it is; else /proofs is asked for a challenge over exactly this act and
//       the passkey signs it. The act's body is the form's fields by their names; data-fields="a b"
//       names them where not all count. data-recent lets an earlier proof of this session do.
//   <form method="post" data-passkey="/keys/options">   makes a new passkey before it is sent.
//
// A form may have both: it proves first, then makes. Nothing here decides anything; the server does.
(() => {
  'use strict';

  const OURS = /^(_csrf|proof_.*|credential.*|idempotency.*)$/;

  // ---- bytes and base64url ----

  const toBytes = (text) => {
    const padded = text.replace(/-/g, '+').replace(/_/g, '/').padEnd(Math.ceil(text.length / 4) * 4, '=');
    return Uint8Array.from(atob(padded), (c) => c.charCodeAt(0));
  };
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const withBytes = (descriptors) => (descriptors || []).map((d) => ({ ...d, id: toBytes(d.id) }));

  // ---- the two ceremonies ----

  const sign = async (publicKey) => {
    const key = await navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        allowCredentials: withBytes(publicKey.allowCredentials),
      },
    });
    const { response } = key;
    return JSON.stringify({
      id: key.id,
      rawId: toText(key.rawId),
      type: key.type,
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        authenticatorData: toText(response.authenticatorData),
        signature: toText(response.signature),
        userHandle: response.userHandle ? toText(response.userHandle) : null,
      },
      clientExtensionResults: {},
    });
  };

  const make = async (publicKey) => {
    const key = await navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
        excludeCredentials: withBytes(publicKey.excludeCredentials),
      },
    });
    return JSON.stringify({
      id: key.id,
      rawId: toText(key.rawId),
      type: key.type,
      response: {
        clientDataJSON: toText(key.response.clientDataJSON),
        attestationObject: toText(key.response.attestationObject),
      },
      clientExtensionResults: {},
    });
  };

  // ---- asking the server ----

  class Refused extends Error {}

  const ask = async (url, fields) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-CSRF-Token': document.body.dataset.csrf || '' },
      body: new URLSearchParams(fields),
      redirect: 'error',
    });
    const body = await answer.json();
    if (!answer.ok) throw new Refused(body.detail || 'That was refused.');
    return body;
  };

  // ---- forms ----

  const put = (form, name, value) => {
    let field = form.elements.namedItem(name);
    if (!field) {
      field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      form.append(field);
    }
    field.value = value;
  };

  // A list is sorted and joined by a space; what is empty is left out. The server does the same.
  const bodyOf = (form, submitter) => {
    const only = form.dataset.fields === undefined ? null : form.dataset.fields.split(' ');
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    const body = {};
    for (const name of new Set(data.keys())) {
      if (OURS.test(name) || (only && !only.includes(name))) continue;
      const values = data.getAll(name).map((v) => String(v)).filter((v) => v.trim() !== '');
      if (values.length > 0) body[name] = values.sort().join(' ');
    }
    return body;
  };

  const prove = async (form, submitter) => {
    const code = form.elements.namedItem('proof_code');
    if (code && code.value.trim() !== '') return;
    const challenge = await ask('/proofs', {
      act: form.dataset.act,
      body: JSON.stringify(bodyOf(form, submitter)),
    });
    if (form.dataset.recent !== undefined && challenge.accepts.includes('recent')) {
      put(form, 'proof_recent', 'true');
      return;
    }
    if (!challenge.publicKey) {
      code?.closest('details')?.setAttribute('open', '');
      code?.focus();
      throw new Refused('Type the code that your authenticator app shows now.');
    }
    put(form, 'proof_assertion', await sign(challenge.publicKey));
    put(form, 'proof_nonce', challenge.nonce);
  };

  const create = async (form) => {
    const creation = await ask(form.dataset.passkey, {});
    put(form, 'credential', await make(creation.publicKey));
    put(form, 'credential_nonce', creation.nonce);
  };

  const words = (error) => {
    if (error instanceof Refused) return error.message;
    if (error.name === 'NotAllowedError') return 'The passkey was not used. Try again, or type a code from your app.';
    if (error.name === 'InvalidStateError') return 'This device has a passkey for you here already.';
    if (!window.PublicKeyCredential) return 'This browser has no passkeys. Type a code from your app.';
    return 'That did not work. Check your connection, load the page again, and try once more.';
  };

  const say = (form, text) => {
    const place = form.querySelector('[data-proof-error]');
    if (!place) return;
    place.textContent = text;
    place.hidden = text === '';
  };

  const busy = (form, submitter, is) => {
    if (is) form.dataset.busy = '';
    else delete form.dataset.busy;
    if (submitter) {
      if (is) submitter.setAttribute('aria-busy', 'true');
      else submitter.removeAttribute('aria-busy');
    }
  };

  // In the capture phase, before whatever else looks at the form being sent.
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.dataset.act === undefined && form.dataset.passkey === undefined) return;
    if (form.dataset.ready !== undefined) {
      delete form.dataset.ready;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (form.dataset.busy !== undefined) return;
    const { submitter } = event;
    busy(form, submitter, true);
    say(form, '');
    try {
      if (form.dataset.act !== undefined) await prove(form, submitter);
      if (form.dataset.passkey !== undefined) await create(form);
      // a form cannot be sent while its submit event is still on its way
      await new Promise((done) => setTimeout(done));
      form.dataset.ready = '';
      form.requestSubmit(submitter || undefined);
    } catch (error) {
      say(form, words(error));
      busy(form, submitter, false);
    }
  }, true);

  // Coming back to a page by the browser's button: nothing is under way any more.
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll('form[data-busy]')) {
      delete form.dataset.busy;
      for (const name of ['proof_nonce', 'proof_assertion', 'proof_recent', 'credential', 'credential_nonce']) {
        const field = form.elements.namedItem(name);
        if (field) field.value = '';
      }
    }
  });
})();
