"""Texts of six kinds of writers in five languages, and the frames that sites put around them; all invented."""

from __future__ import annotations

BODIES = {
    "en": {
        "journalist": """The ferry that never left
The last ferry of the season did not leave on Sunday, and nobody on the pier seemed to mind.
A crack in the ramp had been found at noon, the harbour master said, and it will be welded on Tuesday.
"We have beds for all of them," said the woman who runs the only inn, "and soup for twice as many."
The children slept in the school.""",
        "poet": """Low tide
Grey boats,
grey rope,
a gull on the third pile.
Nobody calls.
Salt in the hinges,
salt in the bread.
Evening, and the lamp
forgets its oil.""",
        "programmer": """Read a file by lines
The function below reads a file and yields its lines without their ends.
def lines(path):
    with open(path) as file:
        for line in file:
            yield line.rstrip()
It was written for logs of some gigabytes, so it never holds more than one line.""",
        "lawyer": """Article 4. Deposit
1. The tenant shall pay a deposit of two months' rent before the keys are handed over.
2. The landlord shall keep it apart from his own money.
3. It is to be paid back within thirty days after the end of the lease.
Article 5. Repairs
Small repairs of up to 80 euros a year are borne by the tenant.""",
        "forum": """Bread comes out flat
Hi all, my loaf has been flat since I changed the flour.
Same here!
How long do you let it rise?
Four hours.
Too long at 26 degrees, try two.
Worked, thanks.""",
        "engineer": """Pump P-12
The pump moves clean water from a tank to the roof.
Flow rate: 12 l/min
Head: 9 m
Voltage: 24 V DC
Current: 2.1 A
Inlet: G 1/2
Weight: 1.4 kg
Protection: IP 67
It must not run dry for more than a minute.""",
    },
    "de": {
        "journalist": """Die Fähre, die nicht fuhr
Die letzte Fähre des Jahres fuhr am Sonntag nicht, und auf dem Steg störte sich niemand daran.
Gegen Mittag war ein Riss in der Rampe gefunden worden, der am Dienstag geschweißt werden soll.
„Betten haben wir für alle“, sagte die Wirtin des einzigen Gasthofs, „und Suppe für doppelt so viele.“
Die Kinder schliefen in der Schule.""",
        "poet": """Ebbe
Graue Boote,
graues Tau,
eine Möwe auf dem dritten Pfahl.
Niemand ruft.
Salz in den Angeln,
Salz im Brot.
Abend, und die Lampe
vergisst ihr Öl.""",
        "lawyer": """§ 4 Kaution
(1) Der Mieter zahlt vor der Übergabe der Schlüssel eine Kaution von zwei Monatsmieten.
(2) Der Vermieter hat sie von seinem Vermögen getrennt zu halten.
(3) Sie ist binnen dreißig Tagen nach dem Ende der Miete zurückzuzahlen.
§ 5 Reparaturen
Kleine Reparaturen bis zu 80 Euro im Jahr trägt der Mieter.""",
        "forum": """Brot bleibt flach
Hallo zusammen, seit ich das Mehl gewechselt habe, geht mein Brot nicht mehr auf.
Bei mir auch!
Wie lange lässt du es gehen?
Vier Stunden.
Zu lang bei 26 Grad, nimm zwei.
Hat geklappt, danke.""",
        "engineer": """Pumpe P-12
Die Pumpe fördert sauberes Wasser aus einem Behälter auf das Dach.
Förderstrom: 12 l/min
Förderhöhe: 9 m
Spannung: 24 V DC
Strom: 2,1 A
Anschluss: G 1/2
Gewicht: 1,4 kg
Schutzart: IP 67
Sie darf nicht länger als eine Minute trocken laufen.""",
    },
    "fr": {
        "journalist": """Le bac qui n'est pas parti
Le dernier bac de la saison n'est pas parti dimanche, et personne sur le quai ne s'en est plaint.
Une fissure avait été trouvée à midi dans la rampe, qui doit être soudée mardi.
« Nous avons des lits pour tous », dit la patronne de la seule auberge, « et de la soupe pour deux fois plus. »
Les enfants ont dormi à l'école.""",
        "poet": """Marée basse
Barques grises,
corde grise,
une mouette sur le troisième pieu.
Personne n'appelle.
Du sel dans les gonds,
du sel dans le pain.
Le soir, et la lampe
oublie son huile.""",
        "engineer": """Pompe P-12
La pompe porte l'eau propre d'une cuve jusque sur le toit.
Débit : 12 l/min
Hauteur : 9 m
Tension : 24 V CC
Courant : 2,1 A
Entrée : G 1/2
Poids : 1,4 kg
Indice : IP 67
Elle ne doit pas tourner à sec plus d'une minute.""",
    },
    "es": {
        "journalist": """El transbordador que no zarpó
El último transbordador de la temporada no zarpó el domingo, y a nadie en el muelle le importó.
A mediodía se había encontrado una grieta en la rampa, que se soldará el martes.
«Tenemos camas para todos», dijo la dueña de la única fonda, «y sopa para el doble.»
Los niños durmieron en la escuela.""",
        "poet": """Marea baja
Barcas grises,
cuerda gris,
una gaviota en el tercer poste.
Nadie llama.
Sal en las bisagras,
sal en el pan.
La tarde, y la lámpara
olvida su aceite.""",
        "engineer": """Bomba P-12
La bomba lleva agua limpia de un depósito hasta el tejado.
Caudal: 12 l/min
Altura: 9 m
Tensión: 24 V CC
Corriente: 2,1 A
Entrada: G 1/2
Peso: 1,4 kg
Protección: IP 67
No debe funcionar en seco más de un minuto.""",
    },
    "ja": {
        "journalist": """出なかった渡し船
今季最後の渡し船は日曜日に出なかったが、桟橋の人々は誰も気にしていないようだった。
正午に桟橋の板に割れ目が見つかり、火曜日に溶接する予定だと港の責任者は話している。
「寝床は全員の分があります。汁物ならその倍は出せます」と、ただ一軒の宿の女将は言った。
子どもたちは学校で眠った。""",
        "poet": """引き潮
灰色の舟
灰色の綱
三本目の杭に鴎が一羽
だれも呼ばない
蝶番に塩
パンに塩
夕方になり
灯は油を忘れる""",
        "engineer": """ポンプ P-12
本機は水槽の清水を屋上まで送ります。
流量：12 l/min
揚程：9 m
電圧：24 V DC
電流：2.1 A
口径：G 1/2
質量：1.4 kg
保護等級：IP 67
一分以上の空運転をしないでください。""",
        "forum": """パンが膨らまない
粉を変えてから、まったく膨らまなくなりました。
うちもです！
どのくらい発酵させていますか。
四時間です。
26度なら長すぎます。二時間で。
うまくいきました、ありがとう。""",
    },
}
FRAMES = {
    "en": (
        ["Skip to content", "Home", "News", "Sport", "Weather", "Log in", "Register", "Search"],
        [
            "Share",
            "Tweet",
            "Related articles",
            "Storm closes the coast road",
            "Read more",
            "Privacy Policy",
            "Contact Us",
        ],
        "© 2021 Example Media Ltd. All rights reserved.",
    ),
    "de": (
        ["Zum Inhalt springen", "Startseite", "Nachrichten", "Sport", "Wetter", "Anmelden", "Registrieren", "Suche"],
        [
            "Artikel teilen",
            "Das könnte Sie auch interessieren",
            "Sturm sperrt Küstenstraße",
            "Weiterlesen",
            "Impressum",
            "Datenschutz",
        ],
        "© 2021 Beispiel Verlag GmbH. Alle Rechte vorbehalten.",
    ),
    "fr": (
        ["Aller au contenu", "Accueil", "Actualités", "Sport", "Météo", "Se connecter", "S'inscrire", "Rechercher"],
        ["Partager", "À lire aussi", "Route côtière coupée", "Lire la suite", "Mentions légales", "Gérer les cookies"],
        "© 2021 Exemple Médias. Tous droits réservés.",
    ),
    "es": (
        ["Ir al contenido", "Inicio", "Noticias", "Deportes", "Tiempo", "Iniciar sesión", "Registrarse", "Buscar"],
        ["Compartir", "Te puede interesar", "Cortada la costera", "Leer más", "Aviso legal", "Política de privacidad"],
        "© 2021 Ejemplo Medios S.A. Todos los derechos reservados.",
    ),
    "ja": (
        ["本文へスキップ", "ホーム", "ニュース", "スポーツ", "天気", "ログイン", "新規登録", "検索"],
        [
            "シェアする",
            "ツイート",
            "関連記事",
            "海岸道路が通行止め",
            "続きを読む",
            "プライバシーポリシー",
            "お問い合わせ",
        ],
        "© 2021 例新聞社 記事・写真の無断転載を禁じます",
    ),
}
"""Above, below, and the last line."""


def frame(language: str, body: str) -> str:
    """Put a text into the frame of its language."""
    above, below, last = FRAMES[language]
    return "\n".join([*above, body, *below, last, ""])
