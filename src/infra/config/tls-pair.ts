import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ConfigurationFault } from './configuration.ts';

/** Certificates, the first of which can be read. `field` names the file in the configuration. @throws ConfigurationFault */
export async function readCertificates(field: string, path: string): Promise<string> {
  const pem = await readPem(field, path);
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw wrong(field, `${path} holds no certificate as PEM; put it there, and its chain after it`, cause);
  }
  return pem;
}

/**
 * A certificate (with its chain) and its key, from the files the configuration names as `<prefix>Certificate` and `<prefix>Key`.
 * @throws ConfigurationFault
 */
export async function readTlsPair(
  files: { readonly certificate: string; readonly key: string },
  prefix = 'cloud.tls',
): Promise<{ readonly cert: string; readonly key: string }> {
  const keyField = `${prefix}Key`;
  const cert = await readCertificates(`${prefix}Certificate`, files.certificate);
  const key = await readPem(keyField, files.key);
  try {
    createSecureContext({ key });
  } catch (cause) {
    throw wrong(
      keyField,
      `${files.key} holds no private key as PEM, or one with a passphrase; write it there without one`,
      cause,
    );
  }
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw wrong(
      keyField,
      `${files.key} is not the key of the certificate in ${files.certificate}, or its chain cannot be read; name the two that belong together`,
      cause,
    );
  }
  return { cert, key };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this process',
  EISDIR: 'is a directory',
};

async function readPem(field: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = reasons[(cause as NodeJS.ErrnoException).code ?? ''] ?? 'cannot be read';
    throw wrong(field, `${path} ${why}; name a file in PEM that this process may read`, cause);
  }
}

function wrong(field: string, message: string, cause: unknown): ConfigurationFault {
  const fault = new ConfigurationFault([{ place: 'configuration', field, message }]);
  fault.cause = cause;
  return fault;
}
