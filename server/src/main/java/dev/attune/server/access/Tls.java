package dev.attune.server.access;

import dev.attune.server.store.ServerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what a server proves who it is.
 *
 * @param certificate PEM file with its certificate and those above it
 * @param key PEM file with the private key, PKCS #8 and not encrypted
 */
public record Tls(Path certificate, Path key) {
    /** Protects nothing: the store is never written anywhere. */
    public static final String PASSWORD = "memory";
    private static final Pattern PKCS8 = Pattern
            .compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /**
     * Both as a store in memory.
     *
     * @throws ServerException where a file cannot be read or is not what it should be
     */
    public KeyStore store() {
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(certificate))) {
            Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new ServerException("There is no certificate in " + certificate
                        + "; it must be a PEM file with BEGIN CERTIFICATE.");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("attune", privateKey(), PASSWORD.toCharArray(), chain.toArray(new Certificate[0]));
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new ServerException("The certificate " + certificate + " and the key " + key
                    + " cannot be used for TLS: " + e.getMessage() + ".", e);
        }
    }

    private PrivateKey privateKey() throws IOException {
        Matcher pem = PKCS8.matcher(Files.readString(key));
        if (!pem.find()) {
            throw new ServerException("There is no key in " + key + " that can be read: it must be PKCS #8 without a"
                    + " password (BEGIN PRIVATE KEY); 'openssl pkcs8 -topk8 -nodes -in KEY -out NEW' makes one.");
        }
        var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (GeneralSecurityException e) {
                // Of another kind.
            }
        }
        throw new ServerException("The key " + key + " is neither EC, RSA nor EdDSA.");
    }
}
