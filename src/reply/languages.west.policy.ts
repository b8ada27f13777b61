import type { Language } from './language.policy.ts';

/** The languages of western and northern Europe. */
export const WESTERN: readonly Language[] = [
  {
    name: 'English',
    on: 'on|at|in message|quoting|in reply to',
    wrote: 'wrote|writes|wrote the following|has written|said|sent the following',
    from: 'from|sender',
    sent: 'sent|date|sent on|sent at|date sent|received|when',
    to: 'to|recipient|recipients',
    cc: 'cc|bcc|copy',
    subject: 'subject|re|topic',
    also: 'reply-to|reply to|importance|priority|attachments|attachment|organization|sensitivity|on behalf of|sent by|flag|categories|message-id|content-type|mailed-by|signed-by|posted at|resent-from',
    original:
      'original message|reply message|original email|original mail|original e-mail|original text|replied message|original appointment',
    forwarded:
      'forwarded message|forwarded by|forwarded mail|forwarded email|forwarded|begin forwarded message|start of forwarded message|message forwarded|forwarded conversation|forwarded from|forward message|forwarded letter',
    device:
      'sent from my|sent from|sent via|sent using|sent with|sent by|sent wirelessly|sent on|get|composed on|typed on my|via mobile|from my|written on my|delivered by|connected by|this message was sent from|this email was sent from|this mail was sent from|sent through',
    closing:
      'regards|best regards|kind regards|kindest regards|warm regards|warmest regards|many regards|with regards|with kind regards|with best regards|best|all the best|all best|best wishes|warm wishes|with best wishes|sincerely|sincerely yours|yours sincerely|yours truly|yours faithfully|faithfully|respectfully|respectfully yours|cordially|cheers|thanks|thanks again|thanks a lot|thanks so much|thanks very much|many thanks|thanks in advance|thank you|thank you very much|thank you so much|thank you in advance|thank you again|thx|tia|ta|rgds|br|kr|brgds|b rgds|bw|thanks and regards|thanks regards|thanks and best regards|thanks and kind regards|thank you and best regards|thank you and kind regards|thank you and regards|many thanks and best regards|take care|talk soon|speak soon|see you|yours|love|peace|later|hth|greetings',
  },
  {
    name: 'German',
    on: 'am|zitat von|von|in der nachricht',
    wrote: 'geschrieben|schrieb folgendes|folgendes geschrieben|hat geschrieben|schrieb',
    wroteBy: 'schrieb|schreibt|hat',
    from: 'von|absender',
    sent: 'gesendet|datum|gesendet am|gesendet um|verschickt|geschickt|empfangen',
    to: 'an|empfänger',
    cc: 'cc|kopie|bcc|blindkopie',
    subject: 'betreff|betr|thema',
    also: 'antwort an|wichtigkeit|priorität|anlagen|anlage|anhang|anhänge|organisation|gesendet von|im auftrag von|termin',
    original:
      'ursprüngliche nachricht|antwort nachricht|originalnachricht|original-nachricht|original nachricht|ursprüngliche mail|ursprüngliche e-mail|antwortnachricht|originalmail|urspruengliche nachricht',
    forwarded:
      'weitergeleitete nachricht|anfang der weitergeleiteten nachricht|weitergeleitet von|weitergeleitete mail|weitergeleitete e-mail|beginn der weitergeleiteten nachricht',
    device:
      'von meinem|von meiner|gesendet von|gesendet mit|gesendet über|gesendet aus|diese nachricht wurde von meinem|diese nachricht wurde mit|diese e-mail wurde von meinem|mobil gesendet|unterwegs gesendet|versendet mit|versandt mit|holen sie sich',
    deviceEnd: 'gesendet|gesendet von unterwegs',
    closing:
      'mit freundlichen grüßen|mit freundlichem gruß|mit freundlichem gruss|freundliche grüße|freundlicher gruß|freundliche grüsse|mit freundlichen gruessen|viele grüße|viele gruesse|beste grüße|beste grüsse|schöne grüße|liebe grüße|lieben gruß|herzliche grüße|herzlichst|mit besten grüßen|mit besten gruessen|mit herzlichen grüßen|mit vielen grüßen|grüße|gruß|gruss|grüsse|gruesse|mfg|vg|lg|bg|vlg|hochachtungsvoll|vielen dank|besten dank|danke|danke und gruß|danke und viele grüße|vielen dank und viele grüße|vielen dank und freundliche grüße|vielen dank im voraus|sonnige grüße|einen schönen tag noch',
  },
  {
    name: 'Dutch',
    on: 'op|citeren',
    wrote: 'het volgende geschreven|geschreven|schreef het volgende|schreef',
    wroteBy: 'schreef|heeft|schrijft',
    from: 'van|afzender',
    sent: 'verzonden|datum|verzonden op|verstuurd|ontvangen',
    to: 'aan',
    cc: 'cc|bcc|kopie',
    subject: 'onderwerp|betreft',
    also: 'antwoord aan|urgentie|prioriteit|bijlagen|bijlage|namens',
    original: 'oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|oorspronkelijke e-mail',
    forwarded: 'doorgestuurd bericht|begin doorgestuurd bericht|doorgestuurde bericht|doorgestuurd door',
    device:
      'verzonden vanaf|verstuurd vanaf|verzonden van|verzonden met|verstuurd met|verstuurd via|verzonden via|vanaf mijn|van mijn',
    deviceEnd: 'verzonden|verstuurd|downloaden',
    closing:
      'met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|hartelijke groet|hartelijke groeten|groet|groeten|groetjes|mvg|met groet|hoogachtend|bedankt|dank je wel|dank u|alvast bedankt|bij voorbaat dank|dank|vr gr',
  },
  {
    name: 'French',
    on: 'le|en date du|message du|citation de|quoting|du',
    wrote: 'a écrit|a ecrit|écrit|a écrit ce qui suit|a envoyé',
    from: 'de|expéditeur|emetteur',
    sent: "envoyé|date|envoyé le|date d'envoi|reçu|message du|envoyé à",
    to: 'à|a|destinataire|destinataires|pour',
    cc: 'cc|cci|copie à|copie|copie cachée',
    subject: 'objet|sujet',
    also: 'répondre à|importance|priorité|pièces jointes|pièce jointe|organisation|de la part de',
    original: "message d'origine|message original|courriel original|message d’origine|message initial|e-mail d'origine",
    forwarded:
      'message transféré|message transmis|courriel transféré|début du message transféré|début du message réexpédié|message réexpédié|transféré par|transmis par|e-mail transféré|mail transféré|message transferé',
    device:
      'envoyé de mon|envoyé de ma|envoyé depuis|envoyé à partir|envoyé avec|envoyé sans fil|envoyé via|envoyé du|envoyé par|obtenir|obtenez|télécharger|téléchargez|provenance|message envoyé depuis|expédié de',
    closing:
      "cordialement|bien cordialement|très cordialement|bien à vous|bien à toi|cdlt|cdt|salutations|meilleures salutations|sincères salutations|salutations distinguées|salutations cordiales|amicalement|bonne journée|bonne soirée|bonne fin de journée|bonne réception|respectueusement|à bientôt|merci|merci d'avance|merci beaucoup|merci bien|avec mes remerciements|bien amicalement|amitiés|crdt|bav|sincèrement|veuillez agréer mes salutations distinguées",
  },
  {
    name: 'Italian',
    on: 'il|in data|il giorno|citazione di',
    wrote: 'ha scritto|scrisse|scrive|scritto|ha inviato',
    from: 'da|mittente',
    sent: 'inviato|data|inviato il|spedito|ricevuto',
    to: 'a|per|destinatario',
    cc: 'cc|ccn|copia',
    subject: 'oggetto',
    also: 'rispondi a|priorità|importanza|allegati|allegato|per conto di',
    original: 'messaggio originale|messaggio originario|messaggio di origine|email originale|e-mail originale',
    forwarded:
      'messaggio inoltrato|inizio messaggio inoltrato|inizio del messaggio inoltrato|inoltrato da|messaggio inoltrato da|mail inoltrata',
    device:
      'inviato da|inviato dal|inviato dalla|inviato con|inviato tramite|inviata da|scarica|ottieni|spedito da|messaggio inviato dal',
    closing:
      'cordiali saluti|distinti saluti|un cordiale saluto|cordialmente|saluti|un saluto|i migliori saluti|grazie|grazie mille|molte grazie|a presto|buona giornata|grazie e saluti|grazie e cordiali saluti|cordialità|un caro saluto|in attesa di riscontro',
  },
  {
    name: 'Spanish',
    on: 'el|en|con fecha|citando a|el día',
    wrote: 'escribió|escribio|ha escrito|escribe|escribió lo siguiente',
    from: 'de|remitente',
    sent: 'enviado|fecha|enviado el|enviado a las|fecha de envío|enviada|recibido',
    to: 'para|a|destinatario',
    cc: 'cc|cco|copia',
    subject: 'asunto',
    also: 'responder a|importancia|prioridad|datos adjuntos|adjuntos|adjunto|en nombre de',
    original: 'mensaje original|correo original|mensaje de origen',
    forwarded:
      'mensaje reenviado|inicio del mensaje reenviado|comienzo del mensaje reenviado|correo reenviado|reenviado por|inicio de mensaje reenviado',
    device:
      'enviado desde|enviado con|enviado mediante|enviado de mi|enviado por|obtener|obtén|descargar|descarga|mensaje enviado desde|enviado a través',
    closing:
      'saludos|saludos cordiales|un saludo|un cordial saludo|cordiales saludos|cordialmente|atentamente|muy atentamente|atte|gracias|muchas gracias|gracias de antemano|gracias y saludos|un abrazo|abrazos|reciba un cordial saludo|quedo a la espera|sinceramente|saludos y gracias|slds',
  },
  {
    name: 'Portuguese',
    on: 'em|no dia|a|aos|citando',
    wrote: 'escreveu|escreveu o seguinte|escreve|escreveu no dia',
    from: 'de|remetente',
    sent: 'enviado|data|enviada em|enviado em|enviada|data de envio|recebido|enviado a',
    to: 'para|destinatário',
    cc: 'cc|cco|bcc|com cópia',
    subject: 'assunto',
    also: 'responder a|responder para|prioridade|importância|anexos|anexo|em nome de',
    original: 'mensagem original|mensagem de origem|e-mail original|email original',
    forwarded:
      'mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada|encaminhado por|reencaminhado por|e-mail encaminhado|inicio de mensagem encaminhada',
    device:
      'enviado do|enviado de|enviado a partir|enviado da|enviado pelo|enviado com|enviado via|obter|obtenha|baixe|baixar|enviada do',
    closing:
      'atenciosamente|att|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|os melhores cumprimentos|cordiais cumprimentos|cordialmente|saudações|abraços|abraço|um abraço|obrigado|obrigada|muito obrigado|muito obrigada|grato|grata|desde já agradeço|bom trabalho|sds|respeitosamente|cpts|obrigado e cumprimentos',
  },
  {
    name: 'Catalan',
    on: 'el dia|el',
    wrote: 'va escriure|ha escrit|escrigué',
    from: 'de|remitent',
    sent: 'enviat|data|enviat el',
    to: 'a|per a',
    cc: 'cc|a/c',
    subject: 'assumpte|tema',
    original: 'missatge original',
    forwarded: 'missatge reenviat|inici del missatge reenviat',
    device: 'enviat des|enviat amb|enviat del meu',
    closing: 'salutacions|salutacions cordials|atentament|cordialment|una salutació|gràcies|moltes gràcies|fins aviat',
  },
  {
    name: 'Swedish',
    on: 'den|på|kl|citerar',
    wrote: 'skrev följande|skrev',
    wroteBy: 'skrev|skriver',
    from: 'från|avsändare',
    sent: 'skickat|datum|skickades|sänt|mottaget',
    to: 'till',
    cc: 'kopia|cc|hemlig kopia',
    subject: 'ämne|rubrik',
    also: 'svara till|svar till|prioritet|bilagor|bifogade filer|å uppdrag av',
    original: 'ursprungligt meddelande|originalmeddelande|ursprungligt mail|ursprungligt mejl',
    forwarded:
      'vidarebefordrat meddelande|vidarebefordrat brev|början på vidarebefordrat meddelande|vidarebefordrat mejl|vidarebefordrat av|början av vidarebefordrat meddelande',
    device: 'skickat från|skickad från|skickat via|skickat med|sänt från|skickades från|hämta|från min',
    closing:
      'vänliga hälsningar|med vänliga hälsningar|med vänlig hälsning|vänlig hälsning|bästa hälsningar|hälsningar|hälsning|mvh|vh|hälsar|tack|tack på förhand|tack så mycket|med bästa hälsningar|allt gott|ha det bra|hej då',
  },
  {
    name: 'Danish',
    on: 'den|d',
    wrote: 'skrev følgende|skrev|har skrevet',
    wroteBy: 'skrev|skriver|har',
    from: 'fra|afsender',
    sent: 'sendt|dato|afsendt|modtaget',
    to: 'til',
    cc: 'cc|kopi|bcc',
    subject: 'emne|vedr',
    also: 'svar til|prioritet|vedhæftede filer|vedhæftet fil|på vegne af',
    original: 'oprindelig meddelelse|original meddelelse|oprindelig besked|original besked|oprindelig mail',
    forwarded:
      'videresendt meddelelse|videresendt besked|start på videresendt besked|videresendt mail|videresendt af|begyndelse på videresendt meddelelse',
    device: 'sendt fra|sendt via|sendt med|hent|fra min',
    closing:
      'venlig hilsen|med venlig hilsen|med venlige hilsner|venlige hilsner|bedste hilsner|de bedste hilsner|mange hilsner|hilsen|hilsner|mvh|vh|kh|tak|på forhånd tak|mange tak|dbh|kærlig hilsen|med hilsen',
  },
  {
    name: 'Norwegian',
    on: 'den|på|man|tir|ons|tor|fre|lør|søn',
    wrote: 'skrev følgende|skrev|har skrevet',
    wroteBy: 'skrev|skreiv',
    from: 'fra|frå|avsender',
    sent: 'sendt|dato|mottatt',
    to: 'til',
    cc: 'kopi|cc|blindkopi',
    subject: 'emne',
    also: 'svar til|prioritet|viktighet|vedlegg|på vegne av',
    original: 'opprinnelig melding|original melding|originalmelding|opprinnelig e-post',
    forwarded:
      'videresendt melding|start på videresendt melding|videresendt e-post|videresendt av|begynnelsen av videresendt melding|vidaresend melding',
    device: 'sendt fra|sendt via|sendt med|last ned|skaff deg|fra min',
    closing:
      'vennlig hilsen|med vennlig hilsen|beste hilsen|hilsen|mvh|med hilsen|takk|på forhånd takk|tusen takk|venleg helsing|ha en fin dag',
  },
  {
    name: 'Icelandic',
    on: 'þann|hinn',
    wrote: 'skrifaði',
    wroteBy: 'skrifaði',
    from: 'frá',
    sent: 'sent|dagsetning',
    to: 'til',
    cc: 'afrit',
    subject: 'efni',
    original: 'upprunaleg skilaboð|upprunalegur póstur',
    forwarded: 'framsend skilaboð|áframsend skilaboð',
    device: 'sent úr|sent með',
    closing: 'kveðja|með kveðju|bestu kveðjur|kær kveðja|takk|virðingarfyllst',
  },
  {
    name: 'Finnish',
    on: 'lainaus',
    wrote: 'kirjoitti seuraavaa|kirjoitti|kirjoittaa',
    wroteBy: 'kirjoitti',
    from: 'lähettäjä',
    sent: 'lähetetty|päivä|päiväys|päivämäärä|lähetysaika|pvm|vastaanotettu',
    to: 'vastaanottaja|saaja|vastaanottajat',
    cc: 'kopio|cc|piilokopio',
    subject: 'aihe|otsikko',
    also: 'vastausosoite|tärkeys|liitteet|puolesta',
    original: 'alkuperäinen viesti|alkuperäinen sähköposti|alkuperäisviesti',
    forwarded: 'välitetty viesti|edelleenlähetetty viesti|välitetty viesti alkaa|edelleen lähetetty viesti',
    device: 'lähetetty|hanki|lataa',
    deviceEnd: 'lähetetty|lähetettiin',
    closing:
      'ystävällisin terveisin|terveisin|terveiset|parhain terveisin|kunnioittavasti|yst terv|yt|t|terv|kiitos|kiitokset|kiitos etukäteen|kiittäen|mukavaa päivänjatkoa|lämpimin terveisin',
  },
];
