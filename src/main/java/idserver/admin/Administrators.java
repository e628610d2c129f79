package idserver.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;

/** The one administrator of the configuration, for Jakarta Security. Thread-safe. */
@ApplicationScoped
public class Administrators implements IdentityStore {
  static final String ROLE = "admin";

  @EJB private AdministrationSource server;

  @Override
  public CredentialValidationResult validate(Credential credential) {
    AdministrationSource.Account account = server.account().orElse(null);
    if (account == null || !(credential instanceof UsernamePasswordCredential given)) {
      return CredentialValidationResult.NOT_VALIDATED_RESULT;
    }
    // digests, and in one go: the time that it takes tells nothing of either
    return MessageDigest.isEqual(
            digest(account.user(), account.password()),
            digest(given.getCaller(), given.getPasswordAsString()))
        ? new CredentialValidationResult(account.user(), Set.of(ROLE))
        : CredentialValidationResult.INVALID_RESULT;
  }

  private static byte[] digest(String user, String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] ofUser = digest.digest(user.getBytes(UTF_8));
      digest.update(ofUser);
      return digest.digest(password.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
